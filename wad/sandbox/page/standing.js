'use strict';
// What the servers say instead of letting the page in, by the number of the failure.

__d('StandinStanding', ['StandinChat', 'WAWebStreamModel', 'WAWebBackendEventBus'], (require, exports) => {
  const chat = require('StandinChat');
  const { Stream } = require('WAWebStreamModel');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const RETRY = 5000;

  const halt = (screen) => {
    require('StandinRefs').stop();
    chat.setState('OPENING');
    require('StandinScreens').override(screen);
    chat.retryAfter(RETRY);
  };

  const wiped = (message) => { require('StandinLogout').removed(`failure_${message.code}`); };

  const banned = (message) => {
    BackendEventBus.trigger('account_temporarily_banned', { code: message.code, expire: message.expire });
    halt('temp_ban');
  };

  const outdated = () => {
    Stream.set({ needsUpdate: true });
    halt('update');
  };

  const unavailable = () => {
    BackendEventBus.trigger('service_unavailable_503');
    halt('service_unavailable');
  };

  const FAILURES = {
    401: wiped, 403: wiped, 406: wiped, 402: banned, 405: outdated, 409: outdated, 503: unavailable,
  };

  // CONFLICT, PROXYBLOCK, TOS_BLOCK, SMB_TOS_BLOCK, DEPRECATED_VERSION: state and mode have one name.
  const blocked = (message) => {
    require('StandinRefs').stop();
    chat.retryAfter(RETRY);
    chat.setState(message.state);
    Stream.set({ mode: message.state });
  };

  exports.start = () => {
    chat.handle('failure', (message) => FAILURES[message.code]?.(message));
    chat.handle('block', blocked);
    const lifted = () => require('StandinScreens').override(null);
    BackendEventBus.on('set_socket_state', (state) => {
      if (state === 'UNPAIRED' || state === 'CONNECTED') lifted();
    });
  };
});
