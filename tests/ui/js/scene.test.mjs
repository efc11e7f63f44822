// Which picture and which buttons belong to what is known.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wasScanned } from '../../../wad/web/ui/js/history.js';
import { retryOf } from '../../../wad/web/ui/js/reasons.js';
import { commandsOf, offersForm, sceneOf, showsPicture } from '../../../wad/web/ui/js/scene.js';
import { phases } from '../../../wad/web/ui/js/texts/en.js';

const AT = Date.parse('2026-11-24T12:00:00Z');
const LATER = new Date(AT + 1000).toISOString();
const EARLIER = new Date(AT - 1000).toISOString();
const sceneWith = (state, phase, more = {}, present = {}) =>
  sceneOf({ status: { state, phase, ...more }, ...present }, AT);

test('before anything is known the page says that it looks, or that nobody answers', () => {
  assert.equal(sceneOf({ status: null, link: 'connecting' }, AT), 'connecting');
  assert.equal(sceneOf({ status: null, link: 'away' }, AT), 'away');
});

test('when nobody answers, nobody is told to scan or to type', () => {
  const away = (state, phase, more, present) => sceneWith(state, phase, more, { link: 'away', ...present });
  assert.equal(away('qr', 'waiting_for_scan'), 'away');
  assert.equal(away('qr', 'waiting_for_entry', { pairingCode: 'ABCD1234' }), 'away');
  assert.equal(away('idle', 'stopped'), 'away');
  assert.equal(away('ready', 'linked'), 'account');
  assert.equal(away('qr', 'waiting_for_scan', {}, { form: 'open' }), 'form');
});

test('a proxy that answers in wad’s place says why', () => {
  const status = { state: 'disconnected', phase: 'recovering', reason: 'daemon_unavailable' };
  assert.equal(sceneOf({ status, link: 'away' }, AT), 'trouble');
});

const SCENES = [
  ['ready', 'linked', 'account'],
  ['authenticated', 'syncing', 'progress'],
  ['disconnected', 'recovering', 'trouble'],
  ['disconnected', 'reconnecting', 'trouble'],
  ['blocked', 'held_up', 'trouble'],
  ['qr', 'waiting_for_scan', 'code'],
  ['idle', 'renewing', 'code'],
  ['idle', 'stopped', 'idle'],
  ['idle', 'starting', 'working'],
  ['idle', 'pairing', 'working'],
  ['idle', 'a_phase_of_tomorrow', 'working'],
];
for (const [state, phase, scene] of SCENES) {
  test(`${state} in ${phase} is the scene ${scene}`, () => assert.equal(sceneWith(state, phase), scene));
}

test('a failure inside wad is trouble, whatever the state', () => {
  assert.equal(sceneWith('ready', 'linked', { success: false }), 'trouble');
});

test('a code to type is shown while it is live', () => {
  const entry = (pairingCodeExpiresAt) =>
    sceneWith('qr', 'waiting_for_entry', { pairingCode: 'ABCD1234', pairingCodeExpiresAt });
  assert.equal(entry(LATER), 'entry');
  assert.equal(entry(EARLIER), 'working');
});

test('without the token a code is locked', () => {
  assert.equal(sceneWith('qr', 'waiting_for_scan', { authRequired: true }), 'locked');
  assert.equal(sceneWith('qr', 'waiting_for_entry', { authRequired: true }), 'locked');
});

test('the form is there where a number may be given, and gives way to what is more', () => {
  assert.equal(sceneWith('qr', 'waiting_for_scan', {}, { form: 'open' }), 'form');
  assert.equal(sceneWith('idle', 'stopped', {}, { form: 'open' }), 'form');
  assert.equal(sceneWith('idle', 'pairing', {}, { form: 'sent' }), 'working');
  assert.equal(sceneWith('ready', 'linked', {}, { form: 'open' }), 'account');
});

test('a picture is shown only while the code is live', () => {
  const present = (expiresAt, hasQr = true) => ({ status: { hasQr }, qr: { url: 'data:', expiresAt } });
  assert.equal(showsPicture(present(LATER), AT), true);
  assert.equal(showsPicture(present(EARLIER), AT), false);
  assert.equal(showsPicture(present(LATER, false), AT), false);
  assert.equal(showsPicture({ status: { hasQr: true }, qr: null }, AT), false);
});

test('in every phase something can be done', () => {
  for (const phase of [...Object.keys(phases), 'a_phase_of_tomorrow']) {
    assert.ok(commandsOf({ status: { phase } }).length > 0, phase);
  }
});

test('no command is offered to who may not send it, or while nobody takes it', () => {
  assert.deepEqual(commandsOf({ status: null }), []);
  assert.deepEqual(commandsOf({ status: { phase: 'linked', authRequired: true } }), []);
  assert.deepEqual(commandsOf({ status: { phase: 'recovering', reason: 'daemon_unavailable' } }), []);
  assert.equal(offersForm({ status: { phase: 'stopped', authRequired: true } }), false);
});

test('logging out is offered to the linked alone', () => {
  const offered = Object.keys(phases).filter((phase) => commandsOf({ status: { phase } }).includes('logout'));
  assert.deepEqual(offered.sort(), ['linked', 'reconnecting']);
});

test('while wad tries again nobody is told of pauses', () => {
  assert.equal(retryOf('browser_crashed', 'disconnected', 'recovering'), 'backoff');
  assert.equal(retryOf('browser_crashed', 'disconnected', 'restarting'), 'now');
  assert.equal(retryOf('logged_out', 'disconnected', 'restarting'), 'at_once');
  assert.equal(retryOf('hosts_blocked', 'blocked', 'held_up'), 'slowly');
  assert.equal(retryOf('temporarily_banned', 'blocked', 'held_up', '2026-11-28T00:58:00.000Z'), 'at_its_end');
  assert.equal(retryOf('temporarily_banned', 'blocked', 'probing', '2026-11-28T00:58:00.000Z'), 'now');
  assert.equal(retryOf('a_reason_of_tomorrow', 'blocked', 'held_up'), 'slowly');
});

test('chats that load after a code were scanned, those of a saved session were not', () => {
  const row = (from, to) => ({ from, to });
  assert.equal(wasScanned([row('qr', 'authenticated'), row('idle', 'qr')]), true);
  assert.equal(wasScanned([row('idle', 'authenticated'), row('qr', 'idle'), row('idle', 'qr')]), true);
  assert.equal(wasScanned([row('idle', 'authenticated'), row('idle', 'idle')]), false);
  assert.equal(
    wasScanned([
      row('disconnected', 'authenticated'),
      row('ready', 'disconnected'),
      row('authenticated', 'ready'),
      row('qr', 'authenticated'),
    ]),
    false,
  );
  assert.equal(wasScanned([]), true);
});
