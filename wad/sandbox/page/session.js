'use strict';
// From the scan to "linked and in step", and back in step after a reconnection.

__d('StandinSession', ['StandinChat', 'StandinRefs', 'StandinAccount', 'WAWebOfflineHandler', 'WAWebCmd'], (require, exports) => {
  const chat = require('StandinChat');
  const refs = require('StandinRefs');
  const { Conn } = require('WAWebConnModel');
  const { Stream } = require('WAWebStreamModel');
  const { Socket } = require('WAWebSocketModel');
  const { Cmd } = require('WAWebCmd');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const { OfflineMessageHandler } = require('WAWebOfflineHandler');
  const { config, clock } = window.__standin;
  // A linked device that never gets its history logs itself out (measured).
  const HISTORY_TIMEOUT = 180000;
  let historyTimer = null;

  // A phone that read another secret than the one shown signed for somebody else.
  const pairSuccess = async (message) => {
    const { getADVSecretKey } = require('WAWebUserPrefsMultiDevice');
    const typed = message.linkCode !== undefined && message.linkCode === require('StandinLinking').pending();
    const ok = typed || (refs.live() && message.advSecret === getADVSecretKey());
    if (ok) await require('StandinAccount').keep(message.account);
    if (ok) refs.stop();
    chat.send({ type: 'pair-answer', ok });
    require('StandinStage').report();
  };

  const restart = () => {
    if (config.pairing === 'reload') return location.reload();
    chat.close();
    chat.setState('OPENING');
    syncing();
    return chat.retryAfter(300);
  };

  const syncing = () => {
    Stream.set({ mode: 'SYNCING', info: 'SYNCING', displayInfo: 'SYNCING' });
    Socket.set({ stream: 'SYNCING' });
  };

  const success = (message) => {
    if (Socket.hasSynced) main();
    else syncing();
    Conn.set({ connected: true });
    chat.setState('CONNECTED');
    clearTimeout(historyTimer);
    if (message.needsHistory) {
      historyTimer = clock.after(HISTORY_TIMEOUT, () => require('StandinLogout').logout('history_sync_timeout'));
    }
  };

  const history = () => {
    clearTimeout(historyTimer);
    chat.send({ type: 'history-received' });
  };

  const progress = ({ percent }) => {
    if (Socket.hasSynced) return;
    OfflineMessageHandler.setOfflineDeliveryProgress(percent);
    if (percent >= 100) synced();
  };

  const synced = () => {
    BackendEventBus.trigger('offline_delivery_end');
    Socket.set({ hasSynced: true });
    Cmd.trigger('initial_load_ready_from_bridge');
    main();
  };

  const main = () => {
    Socket.set({ stream: 'CONNECTED' });
    Stream.set({ mode: 'MAIN', info: 'NORMAL', displayInfo: 'NORMAL' });
  };

  exports.start = () => {
    chat.handle('refs', (message) => refs.begin(message.refs));
    chat.handle('pair-success', pairSuccess);
    require('StandinLinking').listen();
    chat.handle('restart', restart);
    chat.handle('success', success);
    chat.handle('history', history);
    chat.handle('progress', progress);
    BackendEventBus.on('refresh_qr', refs.refresh);
    if (require('WAWebUserPrefsMultiDevice').isRegistered()) syncing();
    chat.open();
  };
});
