// Time left, by the server's clock.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { learn, learnCoarsely, serverNow } from '../../../wad/web/ui/js/clock.js';
import { countdown, isLive, secondsLeft } from '../../../wad/web/ui/js/countdown.js';

const AT = Date.parse('2026-11-24T12:00:00.000Z');
const TICK = 250;
const iso = (ms) => new Date(ms).toISOString();

// Node's own timers for tests run an interval on that was ended by its own callback (Node 20), so here are some.
const real = { now: Date.now, setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };
let now = AT;
let running = new Map();

beforeEach(() => {
  now = AT;
  running = new Map();
  Date.now = () => now;
  globalThis.setInterval = (work) => {
    const key = Symbol('interval');
    running.set(key, work);
    return key;
  };
  globalThis.clearInterval = (key) => running.delete(key);
});

afterEach(() => {
  Date.now = real.now;
  Object.assign(globalThis, { setInterval: real.setInterval, clearInterval: real.clearInterval });
});

function pass(milliseconds) {
  for (const end = now + milliseconds; now < end;) {
    now += TICK;
    for (const work of [...running.values()]) work();
  }
}

test('seconds are rounded up, and never fall below none', () => {
  assert.equal(secondsLeft(iso(AT + 20000), AT), 20);
  assert.equal(secondsLeft(iso(AT + 19001), AT), 20);
  assert.equal(secondsLeft(iso(AT + 1), AT), 1);
  assert.equal(secondsLeft(iso(AT), AT), 0);
  assert.equal(secondsLeft(iso(AT - 5000), AT), 0);
});

test('what has no end known is not live', () => {
  assert.equal(secondsLeft(null, AT), 0);
  assert.equal(isLive(null, AT), false);
  assert.equal(isLive(iso(AT), AT), false);
  assert.equal(isLive(iso(AT + 1), AT), true);
});

test('an exact time sets the clock; rubbish leaves it', () => {
  learn(iso(AT + 3600000));
  assert.equal(serverNow(), AT + 3600000);
  learn(undefined);
  learn('yesterday');
  assert.equal(serverNow(), AT + 3600000);
});

test('a coarse time sets the clock only where it is off by more than its coarseness', () => {
  learn(iso(AT + 700));
  learnCoarsely(new Date(AT).toUTCString());
  assert.equal(serverNow(), AT + 700);
  learnCoarsely(new Date(AT - 60000).toUTCString());
  assert.equal(serverNow(), AT - 59500);
  learnCoarsely(null);
  assert.equal(serverNow(), AT - 59500);
});

function counted(seconds) {
  learn(iso(AT));
  const shown = [];
  const ends = [];
  const left = countdown(
    (n, share) => shown.push([n, share]),
    () => ends.push(Date.now()),
  );
  left.until(iso(AT + seconds * 1000));
  return { left, shown, ends };
}

test('a countdown tells each second once, and its end once', () => {
  const { shown, ends } = counted(2);
  pass(10000);
  assert.deepEqual(shown, [
    [2, 1],
    [1, 0.5],
    [0, 0],
  ]);
  assert.equal(ends.length, 1);
});

test('told the same end again, a countdown goes on undisturbed', () => {
  const { left, shown } = counted(4);
  pass(2000);
  left.until(iso(AT + 4000));
  assert.deepEqual(shown.at(-1), [2, 0.5]);
});

test('a countdown that is called off is silent', () => {
  const { left, shown, ends } = counted(2);
  left.until(null);
  pass(10000);
  assert.deepEqual([shown.length, ends], [1, []]);
});
