'use strict';
// The life of a code. The page keeps this time itself: the server hands out six refs and no more.

__d('StandinRefs', ['StandinChat', 'WAWebConnModel', 'WAWebNetworkStatus', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const chat = require('StandinChat');
  const { Conn } = require('WAWebConnModel');
  const { Socket } = require('WAWebSocketModel');
  const network = require('WAWebNetworkStatus');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { clock } = window.__standin;
  // 60 + 5 x 20 = 160 s, measured on the builds of April to September 2026.
  const FIRST = 60000;
  const FURTHER = 20000;
  // Measured: so long after the network came back the page finds out by itself.
  const UNNOTICED = 67000;
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
    if (!require('StandinLinking').active()) chat.close();
    chat.setState('UNPAIRED_IDLE');
  };

  const refresh = () => {
    exports.stop();
    chat.open();
  };

  const notice = async () => {
    await network.checkOnline();
    refresh();
  };

  exports.begin = (refs) => {
    exports.stop();
    // Each batch has its own secret, and it is there before the first ref.
    prefs.setADVSecretKey(prefs.freshADVSecretKey());
    // A page that believes itself offline takes no ref, and stays in PAIRING.
    if (!network.online) timer = clock.after(UNNOTICED, notice);
    // Connected anew under the screen of a code to type, which goes on.
    else if (require('StandinLinking').covers()) chat.setState('UNPAIRED');
    else {
      batch = refs;
      next();
    }
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
