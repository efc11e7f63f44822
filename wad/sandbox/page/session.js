'use strict';
// From the scan to "linked and in step", and back in step after a reconnection.

__d('StandinSession', ['StandinChat', 'StandinRefs', 'StandinAccount', 'WAWebSocketLogoutJob', 'WAWebOfflineHandler', 'WAWebCmd'], (require, exports) => {
  const chat = require('StandinChat');
  const refs = require('StandinRefs');
  const { Conn } = require('WAWebConnModel');
  const { Socket } = require('WAWebSocketModel');
  const { Cmd } = require('WAWebCmd');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const { OfflineMessageHandler } = require('WAWebOfflineHandler');
  const { socketLogout } = require('WAWebSocketLogoutJob');
  const network = require('WAWebNetworkStatus');
  const { config, clock } = window.__standin;
  // A linked device that never gets its history logs itself out (measured).
  const HISTORY_TIMEOUT = 180000;
  let historyTimer = null;

  const paired = () => {
    refs.stop();
    // Here and nowhere else (read in the page): a document in which nobody paired waits for its history for ever.
    historyTimer = clock.after(HISTORY_TIMEOUT, () => socketLogout('history_sync_timeout'));
    require('StandinStage').report();
  };

  // The account is taken before it is known whether the phone signed for this page's secret.
  const pairSuccess = async ({ account, advSecret }) => {
    const { getADVSecretKey, isRegistered } = require('WAWebUserPrefsMultiDevice');
    if (isRegistered()) return;
    await require('StandinAccount').keep(account);
    if (getADVSecretKey() === null) return socketLogout('unknown_companion');
    const ok = advSecret === getADVSecretKey();
    chat.send({ type: 'pair-answer', ok });
    return ok ? paired() : require('StandinLogout').invalid();
  };

  const restart = () => {
    if (config.pairing === 'reload') return location.reload();
    chat.close();
    chat.setState('OPENING');
    return chat.retryAfter(300);
  };

  const success = () => {
    network.online = true;
    chat.setState('CONNECTED');
    Conn.set({ connected: true });
    if (Socket.hasSynced) Socket.set({ stream: 'CONNECTED' });
    require('StandinAnnouncements').letIn();
    require('StandinScreens').override(null);
  };

  const offered = (message) => {
    require('StandinScreens').override(null);
    refs.begin(message.refs);
  };

  // Of messages the page runs nothing before it has been let in.
  const inbox = () => require('StandinInbox');

  const history = ({ messages }) => {
    clearTimeout(historyTimer);
    inbox().history(messages);
    chat.send({ type: 'history-received' });
  };

  const progress = ({ percent }) => {
    if (Socket.hasSynced) return;
    OfflineMessageHandler.setOfflineDeliveryProgress(percent);
    // What waited has been added by then (measured).
    if (percent >= 100) inbox().idle().then(synced);
  };

  const synced = () => {
    if (Socket.hasSynced || !chat.connected()) return;
    inbox().end();
    Socket.set({ hasSynced: true, stream: 'CONNECTED' });
    Cmd.trigger('initial_load_ready_from_bridge');
  };

  exports.start = () => {
    chat.handle('refs', offered);
    chat.handle('pair-success', pairSuccess);
    require('StandinLinking').listen();
    chat.handle('restart', restart);
    chat.handle('success', success);
    chat.handle('account', (message) => inbox().account(message));
    chat.handle('stanza', (message) => inbox().stanza(message));
    chat.handle('offline-end', () => inbox().offlineEnd());
    chat.handle('history', history);
    chat.handle('progress', progress);
    BackendEventBus.on('refresh_qr', refs.refresh);
    chat.open();
  };
});
