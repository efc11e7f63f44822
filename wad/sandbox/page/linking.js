'use strict';
// Linking by a code to type: the page makes it, the servers take it for a number, and the phone's owner types it.
//
// The module's members, the order of their calls and the code's life (180 s) were read in the builds of April to
// September 2026. That the socket stays UNPAIRED and the refs rest meanwhile is an assumption.

__d('StandinLinking', ['StandinChat', 'StandinRefs', 'StandinScreens', 'StandinTexts', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const chat = require('StandinChat');
  const refs = require('StandinRefs');
  const { element } = require('StandinScreens');
  const { text } = require('StandinTexts');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { Socket } = require('WAWebSocketModel');
  const { clock } = window.__standin;
  const LIFE = 180000;
  // Without 0, I, O and U, which are mistaken for others.
  const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
  let type = 'QR_CODE';
  let initialised = false;
  let asked = null; // {resolve, reject, code, phone}: what the servers have not answered yet
  let shown = null; // {code, phone, live}: what is on the screen

  // 32 letters: every byte gives each of them equally often.
  const makeCode = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => ALPHABET[byte % 32]).join('');

  let timer = null;
  const changed = () => {
    require('StandinQr').render();
    require('StandinStage').report();
  };
  const settle = (outcome, value) => {
    const waiting = asked;
    asked = null;
    waiting?.[outcome](value);
  };

  const show = ({ code, phone }) => {
    clearTimeout(timer);
    shown = { code, phone, live: true };
    timer = clock.after(LIFE, () => {
      shown = { ...shown, live: false };
      changed();
    });
    changed();
  };

  const answered = ({ ok, code: failure }) => {
    if (!asked) return;
    const { code, phone } = asked;
    if (!ok) {
      settle('reject', new Error(`the servers refuse: ${failure}`));
      return;
    }
    show({ code, phone });
    settle('resolve', code);
  };

  const forget = () => {
    clearTimeout(timer);
    settle('reject', new Error('the code is no longer wanted'));
    [initialised, shown, type] = [false, null, 'QR_CODE'];
  };

  const again = () => {
    exports.start(shown.phone).catch(() => {});
  };

  exports.active = () => initialised && !prefs.isRegistered();
  exports.shown = () => (exports.active() && shown?.live ? shown.code : null);
  exports.setType = (wanted) => { type = wanted; };

  exports.initialise = async () => {
    if (type !== 'ALT_DEVICE_LINKING') throw new Error('the pairing type is another one');
    if (prefs.isRegistered()) throw new Error('this device is linked');
    initialised = true;
    shown = null;
    refs.rest();
    // A code to scan that somebody has photographed is worth nothing any more.
    prefs.rotateADVSecretKey();
    changed();
  };

  exports.start = (phone) => new Promise((resolve, reject) => {
    if (!exports.active()) throw new Error('not initialised');
    if (!chat.connected() || Socket.state !== 'UNPAIRED') throw new Error('not connected');
    settle('reject', new Error('another code was asked for'));
    asked = { resolve, reject, phone, code: makeCode() };
    chat.send({ type: 'link-code', phone, code: asked.code, advSecret: prefs.getADVSecretKey() });
  });

  exports.backToQr = async () => {
    const was = exports.active();
    if (was) chat.send({ type: 'link-code-cancel' });
    forget();
    if (!was) return;
    document.getElementById('standin-qr')?.replaceChildren();
    refs.refresh();
  };

  // What fills the place of the other code; the real page shows the letters one by one, too.
  exports.screen = () => {
    if (!shown) return element('div', []);
    const letters = [...shown.code].map((letter) => element('span', letter));
    const node = element('div', letters, { 'data-link-code': shown.live ? [...shown.code].join(',') : '' });
    if (shown.live) return node;
    const button = element('button', text('new_code'));
    button.addEventListener('click', again);
    return element('div', [button]);
  };

  exports.listen = () => {
    chat.handle('link-code-answer', answered);
    // An answer that was under way is lost with the socket.
    Socket.on('change:state', () => {
      if (Socket.state === 'OPENING') settle('reject', new Error('the connection was lost'));
    });
  };
});

__d('WAWebAltDeviceLinkingApi', ['StandinLinking'], (require, exports) => {
  const linking = require('StandinLinking');
  exports.setPairingType = linking.setType;
  exports.initializeAltDeviceLinking = linking.initialise;
  // The second argument has the phone show a notification; the phone here needs none.
  exports.startAltLinkingFlow = async (phone) => linking.start(phone);
  exports.initializeQRLinking = linking.backToQr;
});

__d('WAWebLaunchSocketUtils', ['StandinRefs'], (require, exports) => {
  exports.refreshQR = () => require('StandinRefs').refresh();
});
