// The server's clock, as far as it can be told: a code must neither vanish nor stay because this device's
// clock is wrong.

// The Date header has whole seconds and may be cached by a hair; a timestamp has milliseconds.
const COARSE = 2000;

let offset = 0;

/** Give the server's time, in ms since 1970. */
export const serverNow = () => Date.now() + offset;

/** Learn from a moment the server has just told exactly (ISO text). */
export function learn(timestamp) {
  const told = Date.parse(timestamp ?? '');
  if (!Number.isNaN(told)) offset = told - Date.now();
}

/** Learn from a Date header, which is believed only where it differs by more than its own coarseness. */
export function learnCoarsely(header) {
  const told = Date.parse(header ?? '') + 500;
  if (Math.abs(told - serverNow()) > COARSE) offset = told - Date.now();
}
