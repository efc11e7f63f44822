// Why it does not go, what a person can do about it, and what wad does by itself meanwhile.

import { part, show, write } from './dom.js';
import { fullTime } from './format.js';
import { retryOf } from './reasons.js';
import { actionOf, locale, retryLine } from './texts.js';

/** Make the view. Its parts: action, retry, blocked-url, blocked-reason, blocked-until. */
export function makeTrouble() {
  const row = (place, name, text) => {
    write(part(name), text ?? '');
    show(part(place), Boolean(text));
  };
  const meanwhile = ({ state, phase, blockedUntil }, reason) =>
    retryLine(retryOf(reason, state, phase, blockedUntil));

  return ({ status }, scene) => {
    if (scene !== 'trouble') return;
    const reason = status.success === false ? 'internal_error' : status.reason;
    row('advice', 'action', reason && actionOf(reason, status.action));
    row('meanwhile', 'retry', reason !== 'daemon_unavailable' && meanwhile(status, reason));
    row('refused', 'blocked-url', status.blockedUrl);
    write(part('blocked-reason'), status.blockedReason ?? '');
    row('until', 'blocked-until', status.blockedUntil && fullTime(status.blockedUntil, locale()));
  };
}
