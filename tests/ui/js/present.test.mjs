// What is known, and how it changes with what is told, in whatever order that comes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  isStandIn,
  NOTHING,
  withDrawing,
  withHistory,
  withPairingCode,
  withPicture,
  withStatus,
} from '../../../wad/web/ui/js/present.js';

const told = (seq, more = {}) => ({
  currentState: 'idle',
  phase: 'starting',
  reason: null,
  hasQr: false,
  qrExpiresAt: null,
  seq,
  instance: 'one',
  since: `at ${seq}`,
  ...more,
});
const code = (seq, end, more = {}) =>
  told(seq, { currentState: 'qr', phase: 'waiting_for_scan', hasQr: true, qrExpiresAt: end, ...more });
const after = (...documents) => documents.reduce((present, each) => withStatus(present, each), NOTHING);
const NGINX = told(0, {
  instance: 'nginx',
  currentState: 'disconnected',
  phase: 'recovering',
  reason: 'daemon_unavailable',
});

test('a status from before the one that is known is dropped', () => {
  const present = after(told(7));
  assert.equal(withStatus(present, told(6)), present);
});

test('a daemon that was started anew begins to count anew', () => {
  assert.equal(after(told(7), told(1, { instance: 'two' })).status.seq, 1);
});

test('one and the same status may come again, with more in it', () => {
  const known = after(told(7, { authRequired: true }));
  assert.equal(withStatus(known, told(7)).status.authRequired, undefined);
});

test('a picture belongs to the status before it', () => {
  const present = withPicture(after(code(1, 'soon')), 'data:1');
  assert.deepEqual(present.qr, { url: 'data:1', expiresAt: 'soon' });
});

test('a picture may come with its status', () => {
  assert.deepEqual(after(code(1, 'soon', { qrCode: 'data:1' })).qr, { url: 'data:1', expiresAt: 'soon' });
});

test('a drawing belongs to its picture, and stays when that is told again', () => {
  const pictured = withPicture(after(code(1, 'soon')), 'data:1');
  const drawn = withDrawing(pictured, 'data:1', 'data:svg');
  assert.deepEqual(drawn.qr, { url: 'data:1', expiresAt: 'soon', drawing: 'data:svg' });
  assert.equal(withPicture(drawn, 'data:1').qr.drawing, 'data:svg');
  assert.equal(withDrawing(withPicture(drawn, 'data:2'), 'data:1', 'data:svg').qr.drawing, undefined);
  assert.equal(withDrawing(NOTHING, 'data:1', 'data:svg').qr, null);
});

test('until the new picture is here the old one stays, with its own end', () => {
  const present = withStatus(withPicture(after(code(1, 'soon')), 'data:1'), code(2, 'later'));
  assert.deepEqual(present.qr, { url: 'data:1', expiresAt: 'soon' });
});

test('a status without a code takes the picture away; a late picture does not come back', () => {
  const present = withStatus(withPicture(after(code(1, 'soon')), 'data:1'), told(2));
  assert.equal(present.qr, null);
  assert.equal(withPicture(present, 'data:1').qr, null);
});

test('who lost the token loses the picture', () => {
  const present = withPicture(after(code(1, 'soon')), 'data:1');
  assert.equal(withStatus(present, code(1, 'soon', { authRequired: true, qrCode: null })).qr, null);
});

test('a pairing code told by itself is taken only where one waits', () => {
  const waiting = after(told(3, { currentState: 'qr', phase: 'waiting_for_entry' }));
  assert.equal(
    withPairingCode(waiting, { code: 'ABCD1234', expiresAt: 'soon' }).status.pairingCode,
    'ABCD1234',
  );
  const other = after(told(3));
  assert.equal(withPairingCode(other, { code: 'ABCD1234', expiresAt: 'soon' }), other);
});

test('changes of phase or reason are listed, others are not', () => {
  const { transitions } = after(
    told(1),
    told(2, { phase: 'loading' }),
    told(3, { phase: 'loading', progress: 3 }),
  );
  assert.deepEqual(
    transitions.map(({ seq, phase, at }) => [seq, phase, at]),
    [[2, 'loading', 'at 2']],
  );
});

test('the history that was asked for is joined with what was heard meanwhile, each once, newest first', () => {
  const heard = after(told(4), told(5, { phase: 'loading' }));
  const row = (seq) => ({ seq, at: `at ${seq}`, from: 'idle', to: 'idle', phase: 'starting', reason: null });
  const joined = withHistory(heard, { instance: 'one', transitions: [row(3), row(4), row(5)] });
  assert.deepEqual(
    joined.transitions.map(({ seq }) => seq),
    [5, 4, 3],
  );
});

test('another daemon’s history is not listed', () => {
  const present = after(told(4));
  assert.equal(withHistory(present, { instance: 'two', transitions: [{ seq: 1 }] }), present);
});

test('a new daemon begins a new list', () => {
  const present = after(told(1), told(2, { phase: 'loading' }), told(1, { instance: 'two' }));
  assert.deepEqual(present.transitions, []);
});

test('nginx in the daemon’s place is known as such, and its answer is no transition', () => {
  const down = after(told(1), told(2, { phase: 'loading' }), NGINX);
  assert.equal(isStandIn(down.status), true);
  assert.equal(down.instance, 'one');
  assert.deepEqual(
    withStatus(down, told(3, { phase: 'connecting' })).transitions.map(({ seq }) => seq),
    [2],
  );
  assert.deepEqual(withStatus(down, told(1, { instance: 'two' })).transitions, []);
});

test('a form that was sent is closed by the next phase, one that is open stays', () => {
  const sent = { ...after(code(1, 'soon')), form: 'sent' };
  assert.equal(withStatus(sent, code(2, 'later')).form, 'sent');
  assert.equal(withStatus(sent, told(2, { phase: 'pairing' })).form, null);
  assert.equal(withStatus(sent, code(2, 'soon', { reason: 'pairing_refused' })).form, null);
  assert.equal(withStatus({ ...sent, form: 'open' }, told(2, { phase: 'renewing' })).form, 'open');
});

test('what was refused is forgotten with the phase it was refused in', () => {
  const present = { ...after(code(1, 'soon')), error: { place: 'controls' } };
  assert.deepEqual(withStatus(present, code(2, 'later')).error, { place: 'controls' });
  assert.equal(withStatus(present, told(2)).error, null);
});
