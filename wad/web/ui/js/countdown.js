// Time left: the arithmetic, and one timer that ticks only while something is counted down.

import { serverNow } from './clock.js';

// Four times a second, so that no second is skipped and the end is seen at once.
const TICK = 250;

/** Give whole seconds until `expiresAt` (ISO text), rounded up; 0 once it is over or was never known. */
export function secondsLeft(expiresAt, now) {
  const end = Date.parse(expiresAt ?? '');
  return Number.isNaN(end) ? 0 : Math.max(0, Math.ceil((end - now) / 1000));
}

/** Tell whether something that ends at `expiresAt` may still be shown. */
export const isLive = (expiresAt, now) => Date.parse(expiresAt ?? '') > now;

/** Make a countdown: `show(seconds, share)` as they pass, with the share of the time left, `over()` once. */
export function countdown(show, over) {
  let timer = null;
  let end = null;
  let whole = 1;
  let shown = null;

  const stop = () => {
    clearInterval(timer);
    timer = end = shown = null;
  };
  const tick = () => {
    const left = secondsLeft(end, serverNow());
    if (left === shown) return;
    shown = left;
    show(left, Math.min(1, left / whole));
    if (left > 0) return;
    stop();
    over();
  };
  const until = (expiresAt) => {
    if (expiresAt === end) return;
    stop();
    if (!expiresAt) return;
    end = expiresAt;
    // How long the code was to live is not told: the ring is full when it is first seen.
    whole = Math.max(1, secondsLeft(end, serverNow()));
    timer = setInterval(tick, TICK);
    tick();
  };
  const again = () => {
    shown = null;
    if (end) tick();
  };
  return { until, again };
}
