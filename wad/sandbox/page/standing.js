'use strict';
// What the servers say instead of letting the page in, by the number of the failure, or later.

__d('StandinStanding', ['StandinChat', 'WAWebStreamModel', 'WAWebSocketLogoutJob', 'WAWebUserPrefsMultiDevice', 'StandinAnnouncements'], (require, exports) => {
  const chat = require('StandinChat');
  const announcements = require('StandinAnnouncements');
  const { Stream } = require('WAWebStreamModel');
  const { socketLogout } = require('WAWebSocketLogoutJob');
  const { isRegistered } = require('WAWebUserPrefsMultiDevice');
  const RETRY = 5000;

  const halt = (screen, state, span) => {
    require('StandinRefs').stop();
    chat.retryAfter(span);
    chat.setState(state);
    require('StandinScreens').override(screen);
  };

  // Measured on a linked page: the state says CONNECTED all the while.
  const banned = ({ ban }) => {
    announcements.banned({ banned: true, ...ban });
    halt('temp_ban', isRegistered() ? 'CONNECTED' : 'OPENING', ban.expire * 1000);
  };

  const outdated = () => {
    Stream.set({ needsUpdate: true });
    halt('update', 'OPENING', RETRY);
  };

  const unavailable = () => {
    announcements.unavailable();
    halt('service_unavailable', 'OPENING', RETRY);
  };

  const removed = () => socketLogout('unknown_companion');
  const locked = () => socketLogout('account_locked');

  const FAILURES = {
    401: removed, 403: locked, 406: removed, 402: banned, 405: outdated, 409: outdated, 503: unavailable,
  };

  // CONFLICT, PROXYBLOCK, TOS_BLOCK, SMB_TOS_BLOCK, DEPRECATED_VERSION: the state has the screen's name.
  const blocked = (message) => {
    require('StandinRefs').stop();
    chat.retryAfter(RETRY);
    chat.setState(message.state);
  };

  exports.start = () => {
    chat.handle('failure', (message) => FAILURES[message.code]?.(message));
    chat.handle('block', blocked);
    // Another session has this device: nothing is shown of it, the stream is cut, and the state stays.
    chat.handle('replaced', chat.stop);
    chat.handle('identity-change', () => socketLogout('primary_identity_key_change'));
  };
});
