// One message of a conversation: who wrote it, what it holds, when, how far it is, and why it failed.

import { makeAttachment } from './attachment.js';
import { authorOf, contentsOf, kindOf } from './contents.js';
import { attribute, h, show, write } from './dom.js';
import { fullTime, timeOfDay } from './format.js';
import { nameOf } from './people.js';
import { failureText, language, locale, messageStateName, t } from './texts.js';

// As everybody knows them from the phone; the word beside them says the same.
const TICKS = {
  queued: '◷',
  sending: '◷',
  sent: '✓',
  delivered: '✓✓',
  read: '✓✓',
  played: '✓✓',
  failed: '!',
  cancelled: '–',
};

function flagsOf({ edited, forwarded }) {
  const flags = [edited ? t('message_is_edited') : '', forwarded ? t('message_is_forwarded') : ''];
  return flags.filter(Boolean).join(' · ');
}

/** What stands in the place of texts while nobody asked for them. */
const hidden = (message) => h('p', { class: 'hint' }, kindOf(message));

function bodyOf(message, texts) {
  if (message.revoked) return [hidden(message)];
  const contents = contentsOf(message);
  if (!contents.length) return message.media ? [] : [hidden(message)];
  if (texts) return contents;
  // A file says by itself what it is; that there is a text with it is told.
  return message.media ? [h('p', { class: 'hint' }, t('kind_caption'))] : [hidden(message)];
}

/** Make a message's entry, as `keyed` wants it; `ask` gives its file. */
export function makeBubble({ message: { fromMe } }, ask) {
  const who = h('p', { class: 'who' });
  const file = makeAttachment(ask);
  const body = h('div', { class: 'body' });
  const flags = h('span', {});
  const time = h('time', {});
  const tick = h('span', { class: 'tick', 'aria-hidden': 'true' });
  const state = h('span', { class: 'state' });
  const meta = h('p', { class: 'meta' }, flags, time, tick, state);
  const why = h('p', { class: 'why' });
  const node = h('li', { class: fromMe ? 'bubble own' : 'bubble' }, who, file.node, body, meta, why);
  let drawn = [];

  const drawWho = ({ author, chat }) => {
    const group = chat.kind === 'group';
    // One's own, and those of the only other one, stand on a side of their own; whoever hears them is told.
    attribute(who, 'class', group && !fromMe ? 'who' : 'visually-hidden');
    write(who, fromMe ? t('author_me') : group ? authorOf(author) : nameOf(chat));
  };
  const drawMeta = (message) => {
    const at = new Date(message.timestamp * 1000);
    attribute(time, 'datetime', at.toISOString());
    attribute(time, 'title', fullTime(at, locale()));
    write(time, timeOfDay(at, locale()));
    write(flags, flagsOf(message));
    const told = fromMe && message.state ? message.state : null;
    attribute(node, 'data-state', told);
    write(tick, told ? (TICKS[told] ?? '') : '');
    write(state, told ? messageStateName(told) : '');
  };
  const drawWhy = ({ error, state: reached }) => {
    const failed = reached === 'failed' && error;
    show(why, Boolean(failed));
    if (!failed) return;
    const { sentence, action } = failureText(error);
    const code = error.whatsappCode ? ` ${t('whatsapp_code', error.whatsappCode)}.` : '';
    write(why, `${sentence}.${code} ${action}`);
  };

  const update = ({ message, texts }) => {
    attribute(node, 'data-type', message.type);
    drawWho(message);
    drawMeta(message);
    drawWhy(message);
    show(file.node, Boolean(message.media));
    if (message.media) file.update(message.media, texts);
    else file.release();
    const { text, location, contacts, poll, revoked } = message;
    const now = [text, location, contacts, poll, revoked, texts, language()];
    if (now.every((each, index) => each === drawn[index])) return;
    drawn = now;
    body.replaceChildren(...bodyOf(message, texts));
  };
  return { node, update, release: file.release };
}
