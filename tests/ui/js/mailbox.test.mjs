// What is known of messages, in whatever order it is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  failedLately,
  failures,
  isOpen,
  KEPT,
  listed,
  LISTED,
  NO_MAIL,
  withAccepted,
  withEvent,
  withOutbox,
  withRecent,
  withTrouble,
} from '../../../wad/web/ui/js/mailbox.js';

const CHAT = { id: '15550001111@c.us', pn: '15550001111@c.us', lid: null, name: null };
const AT = '2026-11-24T12:00:00.000Z';
const event = (seq, type, data = {}) => ({ seq, type, at: AT, data: { chat: CHAT, ...data } });
const own = (seq, ref, state = 'sent') => event(seq, 'message.own', { id: `true_${ref}`, clientRef: ref, state });
const ack = (seq, ref, state) => event(seq, 'message.ack', { id: `true_${ref}`, clientRef: ref, state });
const failed = (seq, code, state = 'failed') => event(seq, 'message.failed', { state, error: { code } });
const accepted = (ref, state = 'queued') => ({ clientRef: ref, id: `true_${ref}`, chat: CHAT, state, error: null });
const after = (...events) => events.reduce(withEvent, NO_MAIL);

test('an event that is told twice is there once', () => {
  assert.equal(after(event(1, 'message'), event(1, 'message')).events.length, 1);
});

test('what came while the last events were asked for stays, in its order', () => {
  const mail = withRecent(after(event(3, 'message')), { events: [event(1, 'message'), event(2, 'message')], newest: 2 });
  assert.deepEqual(
    mail.events.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.equal(mail.newest, 3);
});

test('what was deleted is gone when the events are asked for anew', () => {
  assert.deepEqual(withRecent(after(event(1, 'message'), event(2, 'message')), { events: [], newest: 3 }).events, []);
});

test('receipts are the state of their message, and states never go back', () => {
  const [shown] = listed(after(own(1, 'a'), ack(2, 'a', 'read'), ack(3, 'a', 'delivered')));
  assert.equal(shown.state, 'read');
  assert.equal(listed(after(own(1, 'a'), ack(2, 'a', 'read'))).length, 1);
});

test('the newest is listed first, and no more than a list takes', () => {
  const events = Array.from({ length: KEPT + 50 }, (_, index) => event(index + 1, 'message'));
  const mail = after(...events);
  assert.equal(mail.events.length, KEPT);
  assert.equal(listed(mail).length, LISTED);
  assert.equal(listed(mail)[0].seq, KEPT + 50);
});

test('of a message that was taken back there is no text', () => {
  const told = [event(1, 'message', { id: 'x', text: 'secret' }), event(2, 'message.revoked', { id: 'x' })];
  assert.deepEqual(
    listed(after(...told)).map(({ text }) => text),
    [null, null],
  );
});

test('the type of a message does not pass for the event’s', () => {
  assert.equal(listed(after(event(1, 'message', { type: 'chat' })))[0].type, 'message');
});

test('the state of the link is no message, but counts', () => {
  const mail = after(event(1, 'state'));
  assert.deepEqual([mail.events, mail.newest], [[], 1]);
});

test('what was withdrawn did not fail', () => {
  const mail = after(failed(1, 'rejected'), failed(2, 'cancelled', 'cancelled'));
  assert.deepEqual(
    failures(mail).map(({ seq }) => seq),
    [1],
  );
});

test('failures of the last day are counted', () => {
  const mail = after(failed(1, 'rejected'), failed(2, 'expired'));
  assert.equal(failedLately(mail, Date.parse(AT) + 3600e3), 2);
  assert.equal(failedLately(mail, Date.parse(AT) + 25 * 3600e3), 0);
});

test('what became of a message may be told before it is known to be accepted', () => {
  const mail = withAccepted(after(own(1, 'a'), ack(2, 'a', 'delivered')), accepted('a'));
  assert.equal(mail.sent.state, 'delivered');
});

test('a message of another program is not taken for the one sent here', () => {
  const mail = withEvent(withAccepted(NO_MAIL, accepted('a')), own(1, null));
  assert.equal(mail.sent.state, 'queued');
  assert.ok(isOpen(mail.sent));
});

test('the outbox says how far the message is, unless more is known', () => {
  const outbox = { depth: 1, oldestSeconds: 5, messages: [accepted('a', 'sending')] };
  const mail = withOutbox(withAccepted(NO_MAIL, accepted('a')), outbox);
  assert.deepEqual([mail.sent.state, mail.depth, mail.oldestSeconds], ['sending', 1, 5]);
  assert.equal(withOutbox(withEvent(mail, ack(2, 'a', 'read')), outbox).sent.state, 'read');
});

test('why one failed is kept with it', () => {
  const told = event(1, 'message.failed', { clientRef: 'a', state: 'failed', error: { code: 'rejected' } });
  const { sent } = withEvent(withAccepted(NO_MAIL, accepted('a')), told);
  assert.deepEqual([sent.state, sent.error.code, isOpen(sent)], ['failed', 'rejected', false]);
});

test('a daemon without messages is not one in trouble', () => {
  assert.equal(withTrouble(NO_MAIL, { code: 'not_found' }).missing, true);
  assert.equal(withTrouble(NO_MAIL, { code: 'store_failed' }).trouble.code, 'store_failed');
});
