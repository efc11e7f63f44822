'use strict';
// The end of a link, begun here or by the phone.

__d('StandinLogout', ['StandinChat', 'StandinKeys', 'StandinAccount', 'StandinStorage', 'WAWebCmd', 'WAWebBackendEventBus'], (require, exports) => {
  const chat = require('StandinChat');
  const { Cmd } = require('WAWebCmd');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const { clock, config } = window.__standin;
  const SERVER_TIMEOUT = 20000;
  let leaving = false;

  const begin = (event, reason) => {
    leaving = true;
    BackendEventBus.trigger('starting_logout', reason);
    Cmd.trigger(event);
    require('StandinScreens').override('logging_out');
    require('StandinAccount').drop();
    require('StandinKeys').drop();
  };

  const finish = async (reason) => {
    chat.close();
    await require('StandinStorage').wipe();
    location.replace(`/?post_logout=1&logout_reason=${reason}`);
  };

  // Without a network the real page waits here for more than 40 s (measured); this one waits for ever.
  const served = () => new Promise((done) => {
    if (config.logout === 'hangs' || !chat.connected()) return;
    chat.handle('logged-out', done);
    chat.send({ type: 'logout' });
    clock.after(SERVER_TIMEOUT, done);
  });

  exports.logout = async (reason = 'user_initiated') => {
    if (leaving) return;
    begin('logout', reason);
    await served();
    await finish(reason);
  };
  // The phone, or the server, removed this device: nobody is left to be told.
  exports.removed = async (reason) => {
    if (leaving) return;
    begin('logout_from_bridge', reason);
    await finish(reason);
  };
});
