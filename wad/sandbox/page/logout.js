'use strict';
// The end of a link, begun here or by the phone.

__d('WAWebSocketLogoutJob', ['WAWebBackendApi'], (require, exports) => {
  exports.socketLogout = async (reason) => require('WAWebBackendApi').frontendFireAndForget('socketLogout', { reason });
});

__d('StandinLogout', ['StandinChat', 'StandinKeys', 'StandinAccount', 'StandinStorage', 'StandinAnnouncements', 'WAWebCmd'], (require, exports) => {
  const chat = require('StandinChat');
  const { Cmd } = require('WAWebCmd');
  const { clock, config } = window.__standin;
  const SERVER_TIMEOUT = 20000;
  const INVALID_AFTER = 1000;
  const BY_HAND = 'user_initiated';
  // The few reasons that the address of the next document bears, by number.
  const NUMBERS = {
    client_fatal_error: '0',
    syncd_failure: '1',
    syncd_error_during_bootstrap: '1',
    syncd_timeout: '1',
    critical_sync_timeout: '1',
    account_sync_error: '1',
    history_sync_timeout: '2',
    account_locked: '3',
  };
  let leaving = false;

  const drop = () => {
    leaving = true;
    require('StandinAccount').drop();
    require('StandinKeys').drop();
  };

  const finish = async (reason) => {
    chat.close();
    await require('StandinStorage').wipe();
    const query = new URLSearchParams({ post_logout: '1' });
    if (NUMBERS[reason]) query.set('logout_reason', NUMBERS[reason]);
    location.replace(`/?${query}`);
  };

  // Without a network the real page waits here for more than 40 s (measured); this one waits for ever.
  const served = (reason) => new Promise((done) => {
    if ((config.logout === 'hangs' && reason === BY_HAND) || !chat.connected()) return;
    chat.handle('logged-out', done);
    chat.send({ type: 'logout' });
    clock.after(SERVER_TIMEOUT, done);
  });

  exports.logout = async (reason = BY_HAND) => {
    if (leaving) return;
    require('StandinAnnouncements').leaving(reason);
    Cmd.trigger(reason === BY_HAND ? 'logout' : 'logout_from_bridge');
    require('StandinScreens').override('logging_out');
    drop();
    await served(reason);
    await finish(reason);
  };
  // What the phone signed was not for this page, which by then has taken the account: it forgets it without a word.
  exports.invalid = () => clock.after(INVALID_AFTER, () => {
    drop();
    finish();
  });
});
