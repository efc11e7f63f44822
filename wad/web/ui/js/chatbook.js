// What is known of chats and of the one that is open, and how it changes with what is told: plain objects and pure
// functions.
//
// wad tells chats as WhatsApp Web has them when it is asked; from then on events say what changes. Texts are kept
// as they come, and views show one only where it was asked for.

import { isOpen, later } from './mailbox.js';

/** What is known before anybody opened the panel. */
export const NO_CHATS = {
  open: false, // whether somebody has opened the panel: until then nothing is asked for
  list: null, // the chats, newest message first; null before they were told
  next: null, // what to ask with for the next ones
  trouble: null, // the ApiError for which they cannot be told
  busy: false,
  taken: 0, // the number of the last event that is part of it
  // {chat, messages, next, trouble, busy}: the open one; its messages oldest first, null before they were told.
  chosen: null,
};

const NAMES = ['id', 'pn', 'lid'];

/** Give the part of a message's id that is the same under whichever address its chat is told. */
export const keyOf = (id) => (/^(?:true|false)_[^_]+_([^_]+)/.exec(id) ?? [id, id])[1];

/** Tell whether two are one chat: by its number or its hidden id (LID), whichever both are known by. */
export const sameChat = (one, other) =>
  NAMES.some((name) => one[name] && NAMES.some((its) => other[its] === one[name]));

/** Take the first chats, as they were told when `taken` was the last event. */
export function withChats(book, { chats, next }, taken) {
  return { ...book, list: chats, next, trouble: null, busy: false, taken, chosen: renamed(book.chosen, chats) };
}

/** Take the next chats; one that has come up in the meantime is there already. */
export function withMoreChats(book, { chats, next }) {
  const more = chats.filter((chat) => !book.list.some((known) => sameChat(known, chat)));
  return { ...book, list: [...book.list, ...more], next, trouble: null, busy: false };
}

// What is open is told anew with the list: how many are unread may have changed.
const renamed = (chosen, chats) => {
  const told = chosen && chats.find((chat) => sameChat(chat, chosen.chat));
  return told ? { ...chosen, chat: told } : chosen;
};

/** Open a chat; nothing is known of its messages yet. */
export const withChosen = (book, chat) => ({
  ...book,
  chosen: { chat, messages: null, next: null, trouble: null, busy: true },
});

/** Change the open chat, if it is still that one. */
export function inChosen(book, chat, change) {
  const { chosen } = book;
  return chosen && sameChat(chosen.chat, chat) ? { ...book, chosen: change(chosen) } : book;
}

/** Take the newest messages (wad tells them newest first). What does not reach down to those known replaces them. */
export function withNewest(chosen, { messages, next }) {
  const told = [...messages].reverse();
  const known = chosen.messages ?? [];
  const keys = new Set(known.map(({ id }) => keyOf(id)));
  const joins = told.some(({ id }) => keys.has(keyOf(id)));
  const oldest = told[0]?.timestamp ?? 0;
  // What was not sent is in no history, but belongs to it.
  const kept = joins ? known : known.filter((each) => each.timestamp >= oldest && isUnsent(each));
  return { ...chosen, messages: merged(kept, told), next: joins ? chosen.next : next, trouble: null, busy: false };
}

const isUnsent = (message) => isOpen(message) || message.state === 'failed';

/** Take older messages. */
export function withOlder(chosen, { messages, next }) {
  return { ...chosen, messages: merged(chosen.messages, [...messages].reverse()), next, trouble: null, busy: false };
}

/** Take messages that are on their way, or were just accepted. */
export function withOwn(book, messages) {
  if (!book.chosen?.messages) return book;
  const ours = messages.filter(({ chat }) => sameChat(chat, book.chosen.chat));
  const next = ours.length ? merged(book.chosen.messages, ours) : book.chosen.messages;
  return next === book.chosen.messages ? book : { ...book, chosen: { ...book.chosen, messages: next } };
}

/** Take all events behind those that are part of it. */
export function withNews(book, { events, newest }) {
  const news = events.filter(({ seq }) => seq > book.taken);
  return { ...news.reduce(withEvent, book), taken: newest };
}

/** Take an event into the list and into the open chat. */
export function withEvent(book, event) {
  const listed = event.type === 'message' || event.type === 'message.own';
  const list = listed && book.list ? listAfter(book.list, event) : book.list;
  return inOpen({ ...book, list }, event);
}

/** Take what was told before the chat was opened: what failed, or was taken back, is in no history. */
export const withRecalled = (book, events) => events.reduce(inOpen, book);

function inOpen(book, event) {
  const { chosen, list } = book;
  if (!event.data.chat || !chosen || !sameChat(chosen.chat, event.data.chat)) return book;
  const chat = list?.find((each) => sameChat(each, chosen.chat)) ?? chosen.chat;
  return { ...book, chosen: { ...chosen, chat, messages: messagesAfter(chosen, event) } };
}

function listAfter(list, { type, data }) {
  const known = list.find((chat) => sameChat(chat, data.chat));
  const last = known?.lastMessage;
  const isKnown = known && ((last && keyOf(last.id) === keyOf(data.id)) || known.timestamp > data.timestamp);
  if (isKnown) return list;
  const before = known ?? { ...data.chat, unread: 0, markedUnread: false };
  const unread = type === 'message' ? before.unread + 1 : 0;
  const now = { ...before, unread, markedUnread: false, timestamp: data.timestamp, lastMessage: data };
  return [now, ...list.filter((chat) => chat !== known)];
}

function messagesAfter({ messages, next }, { type, data }) {
  if (messages === null) return null;
  const change = (more) =>
    messages.map((each) => (keyOf(each.id) === keyOf(data.id) ? { ...each, ...more(each) } : each));
  switch (type) {
    case 'message':
    case 'message.own':
    case 'message.failed':
      // Between what lies before the oldest one known and that one others are missing.
      return next !== null && data.timestamp < messages[0]?.timestamp ? messages : merged(messages, [data]);
    case 'message.ack':
      return change(({ state }) => ({ state: later(state, data.state) }));
    case 'message.edited':
      return change(() => ({ text: data.text, edited: true }));
    case 'message.revoked':
      return change(() => EMPTY);
    default:
      return messages;
  }
}

const EMPTY = { revoked: true, text: null, media: null, location: null, contacts: null, poll: null };

function merged(known, told) {
  const all = new Map(known.map((each) => [keyOf(each.id), each]));
  for (const each of told) {
    const before = all.get(keyOf(each.id));
    all.set(keyOf(each.id), before ? both(before, each) : each);
  }
  // Those of one second stay in the order in which they were told.
  return [...all.values()].sort((one, other) => one.timestamp - other.timestamp);
}

function both(before, now) {
  const gone = before.revoked || now.revoked ? EMPTY : {};
  return {
    ...before,
    ...now,
    clientRef: now.clientRef ?? before.clientRef,
    state: before.state ? later(before.state, now.state) : now.state,
    error: now.error ?? before.error,
    text: before.edited && !now.edited ? before.text : now.text,
    edited: before.edited || now.edited,
    ...gone,
  };
}

/** Take that the account has read a chat. */
export function withSeen(book, chat) {
  const seen = (each) => (sameChat(each, chat) ? { ...each, unread: 0, markedUnread: false } : each);
  const chosen = book.chosen && { ...book.chosen, chat: seen(book.chosen.chat) };
  return { ...book, list: book.list?.map(seen) ?? null, chosen };
}
