// What is known of chats, in whatever order it is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  inChosen,
  keyOf,
  NO_CHATS,
  sameChat,
  withChats,
  withChosen,
  withMoreChats,
  withNewest,
  withNews,
  withOlder,
  withOwn,
  withRecalled,
  withSeen,
} from '../../../wad/web/ui/js/chatbook.js';

const ADA = { id: '11@lid', pn: '15550001111@c.us', lid: '11@lid', name: 'Ada' };
const BOB = { id: '15550002222@c.us', pn: '15550002222@c.us', lid: null, name: null };
const listed = (chat, more = {}) => ({ ...chat, unread: 0, markedUnread: false, timestamp: 100, lastMessage: null, ...more });
const said = (key, timestamp, more = {}) => ({
  id: `false_${ADA.pn}_${key}`,
  clientRef: null,
  chat: ADA,
  fromMe: false,
  text: key,
  timestamp,
  state: null,
  error: null,
  edited: false,
  revoked: false,
  ...more,
});
const own = (key, timestamp, state, more = {}) =>
  said(key, timestamp, { id: `true_${ADA.pn}_${key}`, fromMe: true, state, ...more });
const event = (seq, type, data) => ({ seq, type, data: { chat: ADA, ...data } });
const mail = (...events) => ({ events, newest: events.at(-1).seq });
const LISTED = withChats(NO_CHATS, { chats: [listed(BOB), listed(ADA)], next: '2' }, 0);
const OPEN = withChosen(LISTED, ADA);
const withHistory = (book, next, ...messages) => inChosen(book, ADA, (chosen) => withNewest(chosen, { messages, next }));
const texts = (book) => book.chosen.messages.map(({ text }) => text);

test('a chat is one under each of its addresses', () => {
  assert.ok(sameChat(ADA, { id: ADA.pn, pn: ADA.pn, lid: null }));
  assert.ok(sameChat({ id: ADA.lid, pn: null, lid: null }, ADA));
  assert.ok(!sameChat(ADA, BOB));
  assert.ok(!sameChat({ id: 'a@g.us', pn: null, lid: null }, { id: 'b@g.us', pn: null, lid: null }));
});

test('a message is one under each of its ids', () => {
  assert.equal(keyOf('true_15550001111@c.us_3EB0'), '3EB0');
  assert.equal(keyOf('true_1@g.us_3EB0_15550001111@c.us'), '3EB0');
  assert.equal(keyOf('3EB0'), '3EB0');
});

test('more chats are added behind, and none twice', () => {
  const book = withMoreChats(LISTED, { chats: [listed({ ...ADA, id: ADA.pn }), listed({ id: 'c', pn: null, lid: null })], next: null });
  assert.deepEqual(
    book.list.map(({ id }) => id),
    [BOB.id, ADA.id, 'c'],
  );
  assert.equal(book.next, null);
});

test('who writes comes first, and is counted as unread once', () => {
  const data = said('a', 200);
  const book = withNews(LISTED, mail(event(1, 'message', data)));
  assert.deepEqual([book.list[0].id, book.list[0].unread, book.list[0].lastMessage.text], [ADA.id, 1, 'a']);
  const again = withNews(book, mail(event(1, 'message', data), event(2, 'message', data)));
  assert.equal(again.list[0].unread, 1);
  const answered = withNews(again, mail(event(3, 'message.own', own('b', 201, 'sent'))));
  assert.equal(answered.list[0].unread, 0);
});

test('somebody new is added to the list, and the list is not made up of events', () => {
  const chat = { id: 'c', pn: null, lid: null, name: null };
  assert.equal(withNews(LISTED, mail(event(1, 'message', { ...said('a', 200), chat }))).list.length, 3);
  assert.equal(withNews(NO_CHATS, mail(event(1, 'message', said('a', 200)))).list, null);
});

test('messages stand in their order, the oldest first', () => {
  const book = withHistory(OPEN, 'x', said('c', 3), said('b', 2));
  assert.deepEqual(texts(book), ['b', 'c']);
  const older = inChosen(book, ADA, (chosen) => withOlder(chosen, { messages: [said('b', 2), said('a', 1)], next: null }));
  assert.deepEqual([texts(older), older.chosen.next], [['a', 'b', 'c'], null]);
});

test('what is told anew goes on from what is known, or takes its place', () => {
  const book = withHistory(OPEN, 'x', said('b', 2), said('a', 1));
  assert.deepEqual(texts(withHistory(book, 'y', said('c', 3), said('b', 2))), ['a', 'b', 'c']);
  assert.equal(withHistory(book, 'y', said('c', 3), said('b', 2)).chosen.next, 'x');
  const gap = withHistory(book, 'y', said('z', 9), said('y', 8));
  assert.deepEqual([texts(gap), gap.chosen.next], [['y', 'z'], 'y']);
});

test('what was not sent is in no history, and stays', () => {
  const book = withOwn(withHistory(OPEN, null, said('a', 1)), [own('w', 20, 'queued')]);
  assert.deepEqual(texts(withHistory(book, 'y', said('z', 19), said('y', 18))), ['y', 'z', 'w']);
});

test('an answer for a chat that was left is dropped', () => {
  const other = withChosen(OPEN, BOB);
  assert.equal(withHistory(other, null, said('a', 1)), other);
  assert.equal(withHistory({ ...OPEN, chosen: null }, null, said('a', 1)).chosen, null);
});

test('ticks rise and never fall', () => {
  const book = withOwn(withHistory(OPEN, null), [own('k', 5, 'queued', { clientRef: 'r' })]);
  const id = `true_${ADA.lid}_k`;
  const read = withNews(book, mail(event(1, 'message.ack', { id, state: 'read' }), event(2, 'message.ack', { id, state: 'sent' })));
  assert.deepEqual([read.chosen.messages[0].state, read.chosen.messages[0].clientRef], ['read', 'r']);
  const told = withNews(read, mail(event(3, 'message.own', own('k', 5, 'sent', { id }))));
  assert.deepEqual([told.chosen.messages.length, told.chosen.messages[0].state], [1, 'read']);
});

test('what failed keeps why', () => {
  const failed = own('k', 5, 'failed', { error: { code: 'rejected' } });
  const book = withNews(withHistory(OPEN, null), mail(event(1, 'message.failed', failed)));
  const again = withHistory(book, null, own('k', 5, 'sending'));
  assert.deepEqual([again.chosen.messages[0].state, again.chosen.messages[0].error.code], ['failed', 'rejected']);
});

test('edits and deletions last, whatever is told again', () => {
  const first = event(1, 'message', said('a', 1));
  const edited = event(2, 'message.edited', { id: first.data.id, text: 'b' });
  const book = withNews(withHistory(OPEN, null, said('a', 1)), mail(first, edited));
  assert.deepEqual(texts(book), ['b']);
  assert.deepEqual(texts(withNews(book, mail(event(3, 'message', said('a', 1))))), ['b']);
  const gone = withNews(book, mail(event(3, 'message.revoked', { id: first.data.id })));
  assert.deepEqual(texts(withRecalled(gone, [first, edited])), ['b']);
  assert.deepEqual(texts(withHistory(gone, null, said('a', 1))), [null]);
});

test('nothing is put where others are missing', () => {
  const old = event(1, 'message', said('old', 1));
  assert.deepEqual(texts(withRecalled(withHistory(OPEN, 'x', said('b', 2)), [old])), ['b']);
  assert.deepEqual(texts(withRecalled(withHistory(OPEN, null, said('b', 2)), [old])), ['old', 'b']);
});

test('what was told before the chat was opened counts as no news of the list', () => {
  const book = withRecalled(withHistory(OPEN, null), [event(1, 'message', said('a', 200))]);
  assert.deepEqual([texts(book), book.list.map(({ unread }) => unread)], [['a'], [0, 0]]);
});

test('what was read is unread nowhere', () => {
  const chats = [listed(ADA, { unread: 2, markedUnread: true })];
  const book = withSeen(withChosen(withChats(NO_CHATS, { chats, next: null }, 0), chats[0]), ADA);
  assert.deepEqual([book.list[0].unread, book.list[0].markedUnread, book.chosen.chat.unread], [0, false, 0]);
});
