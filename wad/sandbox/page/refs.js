'use strict';
// The life of a code. The page keeps this time itself: the server hands out six refs and no more.

__d('StandinRefs', ['StandinChat', 'WAWebConnModel', 'WAWebStreamModel', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const chat = require('StandinChat');
  const { Conn } = require('WAWebConnModel');
  const { Stream } = require('WAWebStreamModel');
  const { Socket } = require('WAWebSocketModel');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { clock } = window.__standin;
  // 60 + 5 x 20 = 160 s, measured on the builds of April to September 2026.
  const FIRST = 60000;
  const FURTHER = 20000;
  let batch = [];
  let used = 0;
  let timer = null;

  const next = () => {
    clearTimeout(timer);
    if (used >= batch.length) return spend();
    const refTTL = clock.real(used === 0 ? FIRST : FURTHER);
    Conn.set({ ref: batch[used], refTTL });
    used += 1;
    // The ref comes before the state: a reader of the state finds a ref.
    if (Socket.state !== 'UNPAIRED') chat.setState('UNPAIRED');
    timer = setTimeout(next, refTTL);
  };

  const spend = () => {
    exports.stop();
    // A code to type outlives the refs, and comes back over this socket.
    if (!require('StandinLinking').pending()) chat.close();
    chat.setState('UNPAIRED_IDLE');
  };

  const refresh = () => {
    if (prefs.isRegistered() || !['UNPAIRED', 'UNPAIRED_IDLE', 'OPENING'].includes(Socket.state)) return;
    exports.stop();
    chat.open();
  };

  exports.begin = (refs) => {
    exports.stop();
    Stream.set({ mode: 'QR', info: 'NORMAL', displayInfo: 'NORMAL' });
    // Connected anew under the screen of a code to type, which goes on.
    if (require('StandinLinking').covers()) return chat.setState('UNPAIRED');
    batch = refs;
    // Each batch has its own secret, and it is there before the first ref.
    prefs.rotateADVSecretKey();
    return next();
  };
  exports.stop = () => {
    clearTimeout(timer);
    batch = [];
    used = 0;
  };
  exports.live = () => Socket.state === 'UNPAIRED' && batch.length > 0 && !prefs.isRegistered();
  // Without a ref for a while, as after a slow answer of the server.
  exports.withhold = (span) => {
    if (!exports.live()) return;
    clearTimeout(timer);
    Conn.set({ ref: undefined, refTTL: undefined });
    timer = clock.after(span, next);
  };
  exports.next = () => { if (exports.live()) next(); };
  exports.spend = () => { if (exports.live()) spend(); };
  exports.refresh = refresh;
});
