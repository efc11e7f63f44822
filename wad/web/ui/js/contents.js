// What a message holds besides its file, in words and as elements. All of it comes from anybody, and is text.

import { h } from './dom.js';
import { fileSize, clockTime, phoneNumber } from './format.js';
import { cardOf } from './vcard.js';
import { locale, t } from './texts.js';

// WhatsApp's longest text has 65,536 characters.
const LONGEST = 4000;
// Five are about a metre.
const DIGITS = 5;
const PERSON = '@c.us';
// A number that nobody has written in groups.
const PLAIN = /^\+\d+$/;

/** Give what is shown of a text. Letters that are two halves to JavaScript are not cut in two. */
export function shortened(text, longest = LONGEST) {
  const letters = Array.from(text);
  if (letters.length <= longest) return text;
  const left = new Intl.NumberFormat(locale()).format(letters.length - longest);
  return `${letters.slice(0, longest).join('')}… ${t('message_more', left)}`;
}

/** Name what a message is, which says nothing of what is in it; a type newer than this page keeps its own name. */
export function kindOf({ type, media, location, contacts, poll, revoked }) {
  if (revoked) return t('kind_revoked');
  if (media) return t(`kind_${media.kind}`);
  if (location) return t('kind_location');
  if (contacts) return t('kind_contacts', contacts.length);
  if (poll) return t('kind_poll');
  if (type === 'album') return t('kind_album');
  return type === 'chat' ? t('kind_text') : t('kind_other', type);
}

/** Tell how large a file is and how long it plays: "48 kB, 0:12". */
export function extentOf({ size, seconds }) {
  const parts = [size === null ? '' : fileSize(size, locale()), seconds ? clockTime(Math.round(seconds)) : ''];
  return parts.filter(Boolean).join(', ');
}

/** Name who wrote in a group: by the number, where WhatsApp tells it. */
export const authorOf = (author) => (author?.endsWith(PERSON) ? phoneNumber(author) : (author ?? ''));

function placeOf({ latitude, longitude, name }) {
  const number = (degrees) => degrees.toFixed(DIGITS).replace(/\.?0+$/, '');
  const at = h('span', { class: 'coordinates' }, `${number(latitude)}, ${number(longitude)}`);
  return h('p', {}, ...(name ? [h('bdi', {}, name), ' '] : []), at);
}

function peopleOf(contacts) {
  const entry = ({ vcard }) => {
    const { name, numbers } = cardOf(vcard);
    const written = numbers.map((each) => (PLAIN.test(each) ? phoneNumber(each) : each));
    const shown = written.length ? [' ', h('bdi', { class: 'number' }, written.join(', '))] : [];
    return h('li', {}, h('bdi', {}, name || t('contact_nameless')), ...shown);
  };
  return h('ul', {}, ...contacts.map(entry));
}

function pollOf({ name, options, multiple }) {
  const rows = options.map((each) => h('li', { dir: 'auto' }, each));
  const how = h('p', { class: 'hint' }, t(multiple ? 'poll_several' : 'poll_one'));
  return [h('p', { dir: 'auto' }, h('strong', {}, name)), how, h('ul', {}, ...rows)];
}

/** Give all that can be read in a message, as elements; none of it where there is nothing. */
export function contentsOf({ text, location, contacts, poll }) {
  return [
    ...(location ? [placeOf(location)] : []),
    ...(contacts ? [peopleOf(contacts)] : []),
    ...(poll ? pollOf(poll) : []),
    // A poll's question is its text, too.
    ...(text && text !== poll?.name && !contacts ? [h('p', { class: 'said', dir: 'auto' }, shortened(text))] : []),
  ];
}

/** Give one line of what can be read in a message. */
export function briefOf({ text, location, contacts, poll }) {
  const said = text || poll?.name || location?.name || (contacts ? cardOf(contacts[0].vcard).name : '');
  return said ? shortened(said, 100).replace(/\s+/g, ' ') : '';
}
