// What is known now, and how it changes: plain objects and pure functions.
// The picture of a code is kept beside the status because Socket.IO tells it in a message of its own.

import { NO_CHATS } from './chatbook.js';
import { merged, transitionTo } from './history.js';
import { NO_MAIL } from './mailbox.js';

/** What is known before anything was told. */
export const NOTHING = {
  status: null,
  qr: null, // {url, expiresAt, drawing}: drawing is the same as SVG, once it is here
  link: 'connecting', // live | polling | away
  transitions: [], // newest first
  form: null, // null | 'open' | 'sent': the form for a phone number
  busy: null, // the command under way
  error: null, // {place, error}: where to show which refusal
  refused: false, // whether a command was, for want of the token
  version: null,
  instance: null, // whose transitions these are
  mail: NO_MAIL, // what is known of messages (mailbox.js)
  book: NO_CHATS, // what is known of chats (chatbook.js)
  texts: false, // whether somebody asked to see the texts of messages
};

// nginx answers in the place of a daemon that is down, under this name: no daemon of its own.
const NOBODY = 'nginx';

/** Tell whether a proxy answered because wad does not. */
export const isStandIn = (status) => status?.reason === 'daemon_unavailable';

/** Take a status document; `exact` is the time it was told, where that is known. */
export function withStatus(present, document, exact = null) {
  const { qrCode, ...told } = document;
  const status = { ...told, state: told.currentState };
  if (isOlder(status, present.status)) return present;
  return {
    ...present,
    status,
    instance: status.instance === NOBODY ? present.instance : status.instance,
    qr: pictureAfter(present.qr, status, qrCode),
    transitions: transitionsAfter(present, status, exact),
    form: formAfter(present, status),
    error: present.status?.phase === status.phase ? present.error : null,
  };
}

/** Take a picture; it is the one of the status told before it. */
export function withPicture(present, url) {
  const { status } = present;
  return status?.hasQr ? { ...present, qr: pictured(present.qr, url, status) } : present;
}

/** Take the drawing (an SVG's data URL) of the code whose picture is `url`, if that is still the present one. */
export function withDrawing(present, url, drawing) {
  return present.qr?.url === url ? { ...present, qr: { ...present.qr, drawing } } : present;
}

/** Take a pairing code told by itself. */
export function withPairingCode(present, { code, expiresAt }) {
  const status = { ...present.status, pairingCode: code, pairingCodeExpiresAt: expiresAt };
  return present.status?.phase === 'waiting_for_entry' ? { ...present, status } : present;
}

/** Take the history as the daemon tells it, which knows better than we who may have missed something. */
export function withHistory(present, { instance, transitions }) {
  if (instance !== present.instance) return present;
  return { ...present, transitions: merged(present.transitions, transitions) };
}

/** Two ways lead here, and an answer that was long under way must not undo what came in the meantime. */
function isOlder(status, known) {
  return known !== null && known.instance === status.instance && status.seq < known.seq;
}

function pictureAfter(known, status, url) {
  if (!status.hasQr || status.success === false) return null;
  if (url) return pictured(known, url, status);
  // Without the token no picture ever comes; else the old one stays the moment until the new one is here.
  return status.authRequired ? null : known;
}

// One and the same picture may be told again, and keeps its drawing.
function pictured(known, url, { qrExpiresAt: expiresAt }) {
  return known?.url === url ? { ...known, expiresAt } : { url, expiresAt };
}

function transitionsAfter({ status: known, instance, transitions }, status, exact) {
  if (status.instance === NOBODY) return transitions;
  if (status.instance !== instance) return [];
  const next = known.instance === instance ? transitionTo(known, status, exact) : null;
  return next ? merged(transitions, [next]) : transitions;
}

// The form has done its work once the phase it was sent in is over.
function formAfter({ form, status: known }, status) {
  const over = form === 'sent' && (known?.phase !== status.phase || known?.reason !== status.reason);
  return over || status.instance !== (known?.instance ?? status.instance) ? null : form;
}
