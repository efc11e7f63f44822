// How wad tries again by itself, by reason: the last column of wad/core/reasons.py, which no status tells.

const PAIRING = ['pairing_refused', 'pairing_rate_limited', 'pairing_not_allowed', 'pairing_failed'];
const NEVER = ['stopped', 'qr_expired', ...PAIRING, 'browser_missing'];
const WHEN_FREE = ['profile_locked', 'storage_full'];
const AT_ONCE = ['logged_out', 'history_sync_timeout', 'sync_failed', 'identity_changed', 'account_locked'];
// For a reason that is newer than this page, its state tells enough.
const BY_STATE = { idle: 'never', qr: 'never', disconnected: 'backoff', blocked: 'slowly' };
// While it is being tried, nobody wants to read of pauses.
const TRYING = ['restarting', 'probing', 'reconnecting'];

/** Give how wad tries again: a key of `retries` in texts; `until` is when a block ends, if that is known. */
export function retryOf(reason, state, phase, until = null) {
  if (AT_ONCE.includes(reason)) return 'at_once';
  if (TRYING.includes(phase)) return 'now';
  if (NEVER.includes(reason)) return 'never';
  if (until) return 'at_its_end';
  if (WHEN_FREE.includes(reason)) return 'when_free';
  return BY_STATE[state] ?? 'backoff';
}
