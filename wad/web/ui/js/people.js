// How somebody who is written to, or who wrote, is named. Names come from anybody, and are text.

import { h } from './dom.js';
import { phoneNumber } from './format.js';

const digits = (text) => text.replace(/\D/g, '');
const numberOf = ({ pn, id }) => (pn ? phoneNumber(pn) : (id ?? ''));

/** Give the name, if it is one: WhatsApp names whom it does not know by the number. */
function properName({ name, pn }) {
  const isNumber = Boolean(name && pn) && /^[+\d\s().-]+$/.test(name) && digits(name) === digits(numberOf({ pn }));
  return name && !isNumber ? name : '';
}

/** Name a chat as one text: by its name, else its number, else its id. */
export const nameOf = (chat) => properName(chat) || numberOf(chat);

/** Name a chat as elements: the name, which may be written from right to left, and the number beside it. */
export function person(chat) {
  const name = properName(chat);
  const named = name ? [h('bdi', {}, name), ' '] : [];
  // Beside a name an id tells nobody anything.
  const more = name && !chat.pn ? [] : [h('bdi', { class: 'number' }, numberOf(chat))];
  return h('span', { class: 'person' }, ...named, ...more);
}
