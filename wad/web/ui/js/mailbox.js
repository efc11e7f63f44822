// What is known of messages, and how it changes with what is told: plain objects and pure functions.
//
// Events are wad's own documents, texts and all. They are kept in their order, the newest last, and views show a
// text only where it was asked for.

/** What is known before anything was told. */
export const NO_MAIL = {
  known: false, // whether wad has told anything
  missing: false, // whether this wad has no messages
  trouble: null, // the ApiError for which nothing can be told just now
  depth: 0, // how many wait to be sent
  oldestSeconds: null, // how long the oldest of them has
  events: [],
  newest: 0, // the number of the last event known
  waiting: [], // the messages that do
  sent: null, // {ref, id, chat, state, error}: the message sent from this page last
};

/** So many events are kept: receipts are among them, so that fewer are listed. */
export const KEPT = 300;
/** As many as the list shows. */
export const LISTED = 20;
const FAILED = 5;
const DAY = 24 * 60 * 60 * 1000;

// Receipts are shown as the state of their message; the link's states are in the page's history.
const SILENT = ['message.ack', 'state'];
/** The types that are asked for. */
export const TYPES = [
  'message',
  'message.own',
  'message.ack',
  'message.edited',
  'message.revoked',
  'message.reaction',
  'message.failed',
  'poll.vote',
  'group.changed',
  'events.lost',
];

// A state never goes back: what was read is not shown as sent because that was told late.
const ORDER = ['queued', 'sending', 'sent', 'delivered', 'read', 'played', 'cancelled', 'failed'];
/** Give the one of two states that is further on. */
export const later = (one, other) => (ORDER.indexOf(other) > ORDER.indexOf(one) ? other : one);

/** Tell whether a message's end is still open: it may yet be sent, or fail. */
export const isOpen = (sent) => sent?.state === 'queued' || sent?.state === 'sending';

/** Take the outbox; a message of ours in it says how far it is. */
export function withOutbox(mail, { depth, oldestSeconds, messages }) {
  const ours = messages.find(({ clientRef }) => clientRef !== null && clientRef === mail.sent?.ref);
  const sent = ours ? advanced(mail.sent, ours) : mail.sent;
  return { ...mail, known: true, trouble: null, depth, oldestSeconds, waiting: messages, sent };
}

/** Take the last events as wad tells them: what came by itself in the meantime stays. */
export function withRecent(mail, { events, newest }) {
  const since = mail.events.filter(({ seq }) => seq > newest);
  const all = [...events, ...since].slice(-KEPT);
  return followed({ ...mail, known: true, missing: false, events: all, newest: Math.max(newest, mail.newest) });
}

/** Take an event that is new; one that came before is dropped. */
export function withEvent(mail, event) {
  if (event.seq <= mail.newest) return mail;
  const kept = event.type === 'state' ? mail.events : [...mail.events, event].slice(-KEPT);
  return followed({ ...mail, events: kept, newest: event.seq });
}

/** Take a message that wad has accepted; what became of it may have been told before its answer came. */
export function withAccepted(mail, { clientRef, id, chat, state, error }) {
  return followed({ ...mail, sent: { ref: clientRef, id, chat, state, error } });
}

/** Take a message as wad tells it when asked. */
export function withMessage(mail, message) {
  return message.clientRef === mail.sent?.ref ? { ...mail, sent: advanced(mail.sent, message) } : mail;
}

/** Take why nothing can be told. */
export function withTrouble(mail, error) {
  return error.code === 'not_found' ? { ...NO_MAIL, missing: true } : { ...mail, trouble: error };
}

function followed(mail) {
  if (!mail.sent) return mail;
  const about = mail.events.filter(({ data }) => data.clientRef && data.clientRef === mail.sent.ref);
  return { ...mail, sent: about.reduce((sent, { data }) => advanced(sent, data), mail.sent) };
}

function advanced(sent, { chat, state, error }) {
  return { ...sent, chat: chat ?? sent.chat, state: later(sent.state, state), error: error ?? sent.error };
}

/** Give what is listed, newest first: events with how far their message is, and no text of one taken back. */
export function listed({ events }) {
  const states = new Map();
  const gone = new Set();
  for (const { type, data } of events) {
    if (type === 'message.ack') states.set(data.id, later(states.get(data.id), data.state));
    if (type === 'message.revoked') gone.add(data.id);
  }
  const shown = ({ seq, type, at, data }) => {
    const state = data.state ? later(data.state, states.get(data.id)) : null;
    return { ...data, seq, type, at, state, text: gone.has(data.id) ? null : (data.text ?? null) };
  };
  return events
    .filter(({ type }) => !SILENT.includes(type))
    .slice(-LISTED)
    .reverse()
    .map(shown);
}

/** Give the last messages that failed, newest first; one that was withdrawn ended as somebody wished. */
export function failures({ events }) {
  const failed = events.filter(({ type, data }) => type === 'message.failed' && data.error?.code !== 'cancelled');
  return failed.slice(-FAILED).reverse();
}

/** Count the messages that failed within a day before `now`, in ms since 1970. */
export const failedLately = (mail, now) => failures(mail).filter(({ at }) => now - Date.parse(at) < DAY).length;
