'use strict';
// The socket to WhatsApp's servers: opening, losing and opening again, and who gets its messages.

__d('StandinChat', ['WAWebSocketModel', 'WAWebConnModel', 'WAWebNetworkStatus', 'WAWebBackendEventBus', 'StandinKeys', 'StandinAccount'], (require, exports) => {
  const { Socket } = require('WAWebSocketModel');
  const { Conn } = require('WAWebConnModel');
  const network = require('WAWebNetworkStatus');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const { clock } = window.__standin;
  const handlers = new Map();
  // 1, 2, 4, then every 5 s of the stand-in's clock.
  const LONGEST_PAUSE = 5000;
  let socket = null;
  let pause = 1000;
  let retry = null;
  let stopped = false;

  const setState = (state) => {
    Socket.set({ state });
    BackendEventBus.trigger('set_socket_state', state);
  };

  const hello = () => {
    const { isRegistered } = require('WAWebUserPrefsMultiDevice');
    exports.send({
      type: 'hello',
      page: require('StandinStage').page,
      ...require('StandinKeys').publicText(),
      device: isRegistered() ? require('StandinAccount').device() : null,
    });
  };

  const opened = () => {
    pause = 1000;
    setState('PAIRING');
    hello();
  };

  const disconnected = () => {
    socket = null;
    Conn.set({ connected: false });
    Socket.set({ stream: 'DISCONNECTED' });
  };

  const lost = () => {
    disconnected();
    require('StandinRefs').stop();
    // Asked once for each loss: whether a new attempt fails, too, tells nothing of the network.
    if (Socket.state !== 'OPENING') network.checkOnline();
    setState('OPENING');
    retry = clock.after(pause, exports.open);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  const received = (event) => {
    const message = JSON.parse(event.data);
    handlers.get(message.type)?.(message);
  };

  exports.setState = setState;
  exports.handle = (type, handler) => handlers.set(type, handler);
  exports.connected = () => socket?.readyState === WebSocket.OPEN;
  exports.send = (message) => {
    if (exports.connected()) socket.send(JSON.stringify(message));
  };

  exports.open = () => {
    if (stopped) throw new Error('comms have been stopped');
    exports.close();
    setState('OPENING');
    const mine = new WebSocket(`ws://${location.host}/ws/chat`);
    socket = mine;
    // What a socket that was given up still has to say concerns nobody.
    mine.onopen = () => { if (socket === mine) opened(); };
    mine.onmessage = (event) => { if (socket === mine) received(event); };
    mine.onclose = () => { if (socket === mine) lost(); };
  };

  exports.close = () => {
    clearTimeout(retry);
    const old = socket;
    disconnected();
    old?.close();
  };

  exports.reconnect = () => {
    if (!exports.connected()) exports.open();
  };
  // Something else said why the socket is useless; it is tried again after this span.
  exports.retryAfter = (span) => {
    exports.close();
    retry = clock.after(span, exports.open);
  };
  // For good: only another document opens a socket again.
  exports.stop = () => {
    exports.close();
    stopped = true;
  };
  exports.stopped = () => stopped;
});
