// Gives what a logout's reason means to the link, by wad's own word for it; null for one that says nothing more.
//
// Builds name the reason, or give the number that the address of the next document bears: 0 fatal, 1 sync failed,
// 2 history timeout, 3 account locked (read in the page's modules of 2026).
(reason) => {
  'use strict';
  const KINDS = {
    syncd_failure: 'sync',
    syncd_error_during_bootstrap: 'sync',
    syncd_timeout: 'sync',
    critical_sync_timeout: 'sync',
    account_sync_error: 'sync',
    1: 'sync',
    history_sync_timeout: 'history',
    2: 'history',
    account_locked: 'locked',
    3: 'locked',
    primary_identity_key_change: 'identity',
  };
  return Object.hasOwn(KINDS, reason) ? KINDS[reason] : null;
}
