// What every form that sends a message has in common: its key, and what is said of what came of it.

import { duration } from './format.js';
import { locale, refusalText, t } from './texts.js';

// Nobody knows whether wad has it.
const LOST = ['timeout', 'unreachable', 'store_slow'];
// Within it comes the second half of a double click, by when the answer may be there and the text gone.
const DOUBLE_CLICK = 600;

/** Make a key that nobody has used; `crypto.randomUUID` is missing on pages without HTTPS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${[...bytes].map((each) => each.toString(16).padStart(2, '0')).join('')}`;
}

/** Say why a message was not accepted, what to do about it, and when it may be tried again. */
export function refusedText(error) {
  if (LOST.includes(error.code)) return t('composer_lost');
  const { sentence, action } = refusalText(error);
  const when = error.againIn ? t('composer_again_in', duration(error.againIn, locale(), Math.ceil)) : '';
  return [`${sentence.replace(/\.$/, '')}.`, action, when].filter(Boolean).join(' ');
}

/** Say what will become of a message while WhatsApp is not connected. */
export function prospect({ status }) {
  if (!status || status.state === 'ready') return '';
  return t(status.state === 'qr' ? 'composer_unlinked' : 'composer_waits');
}

/** Make what tells the second click of two: told() once a message was accepted, then ask isSecond(). */
export function makeOnce() {
  let justSent = false;
  return {
    told: () => {
      justSent = true;
      setTimeout(() => {
        justSent = false;
      }, DOUBLE_CLICK);
    },
    isSecond: () => justSent,
  };
}
