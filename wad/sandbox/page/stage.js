'use strict';
// The sandbox's own line to the page. It is no part of WhatsApp: through it the phone's camera sees the
// code, and the phone's commands reach the page even where WhatsApp's servers do not.

__d('StandinStage', ['StandinRefs', 'StandinChat', 'WAWebStreamModel', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const refs = require('StandinRefs');
  const { clock } = window.__standin;
  const waiting = new Map();
  const page = crypto.randomUUID();
  // In real milliseconds: a sandbox that was started anew finds its pages again.
  const AGAIN = 500;
  let socket = null;
  let number = 0;
  let reported = '';

  const send = (message) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  const report = () => {
    const qr = require('StandinQr');
    const linking = require('StandinLinking');
    const { Conn } = require('WAWebConnModel');
    const now = {
      type: 'report',
      shown: qr.shown(),
      linkCode: qr.hosted() && linking.active() ? require('StandinLinkScreen').code() : null,
      ref: refs.live() ? Conn.ref : null,
      live: refs.live() && qr.complete() ? qr.code() : null,
      state: require('WAWebSocketModel').Socket.state,
      mode: require('WAWebStreamModel').Stream.mode,
      registered: require('WAWebUserPrefsMultiDevice').isRegistered(),
      synced: require('WAWebSocketModel').Socket.hasSynced,
    };
    const text = JSON.stringify(now);
    if (text === reported) return;
    reported = text;
    send(now);
  };

  const block = ({ seconds }) => {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end);
  };

  // A text of this size is refused by an assertion in the browser's own code: the renderer dies at once,
  // and takes no memory for it, since the untouched bytes were never backed by any.
  const crash = () => new TextDecoder().decode(new Uint8Array(2 ** 31));

  // Written by another document, as a second tab does it: only then does the browser tell this one of it.
  const replace = () => {
    const other = document.createElement('iframe');
    document.body.append(other);
    other.contentWindow.localStorage.setItem('whatsapp-mutex', JSON.stringify(`x${crypto.randomUUID()}`));
    other.remove();
  };

  const dialogs = () => setInterval(() => [alert, confirm, prompt].forEach((open) => open('Are you there?')), 0);

  const flood = () => {
    const { Conn } = require('WAWebConnModel');
    const { pushname } = Conn;
    const noise = 'x'.repeat(1000);
    let count = 0;
    setInterval(() => {
      count += 1;
      Conn.set({ pushname: `${pushname} ${count}` });
      for (let line = 0; line < 100; line += 1) console.log(noise);
    }, 0);
  };

  const ask = () => window.addEventListener('beforeunload', (event) => event.preventDefault());

  const storageError = () => {
    require('WAWebBackendEventBus').BackendEventBus.trigger('storage_initialization_error');
    require('StandinScreens').override('storage_error');
  };

  const COMMANDS = {
    hang: block,
    crash,
    replace,
    rename: ({ names }) => names.forEach(window.__standin.rename),
    pending_work: ask,
    stray: () => { location.href = 'about:blank'; },
    dialogs,
    flood,
    storage_error: storageError,
    next_ref: () => refs.next(),
    spend: () => refs.spend(),
    no_ref: ({ seconds }) => refs.withhold(seconds * 1000),
    new_adv_secret: () => require('WAWebUserPrefsMultiDevice').rotateADVSecretKey(),
    needs_update: ({ value }) => require('WAWebStreamModel').Stream.set({ needsUpdate: value }),
    reload: () => location.reload(),
    clock: ({ factor }) => { clock.factor = factor; },
    // Comms that were stopped are not started for anybody but another document.
    reconnect: () => { if (!require('StandinChat').stopped()) require('StandinChat').reconnect(); },
    logout: ({ reason }) => require('WAWebSocketLogoutJob').socketLogout(reason),
  };

  const received = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === 'matrix') {
      waiting.get(message.id)?.(message.rows);
      waiting.delete(message.id);
    } else {
      COMMANDS[message.name](message.arguments);
      send({ type: 'done', id: message.id });
      report();
    }
  };

  exports.page = page;
  exports.report = report;
  exports.matrix = (text) => new Promise((done) => {
    number += 1;
    waiting.set(number, done);
    send({ type: 'matrix', id: number, text });
  });
  const connect = (done) => {
    socket = new WebSocket(`ws://${location.host}/sandbox/stage`);
    socket.onmessage = received;
    // Without the stage the page still works; only the phone is blind until it is back.
    socket.onclose = () => {
      setTimeout(connect, AGAIN, done);
      done();
    };
    socket.onopen = () => {
      send({ type: 'hello', page });
      reported = '';
      report();
      done();
    };
  };

  exports.start = () => {
    require('WAWebSocketModel').Socket.on('change', report);
    require('WAWebStreamModel').Stream.on('change', report);
    require('WAWebConnModel').Conn.on('change', report);
    return new Promise(connect);
  };
});
