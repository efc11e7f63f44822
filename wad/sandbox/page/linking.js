'use strict';
// Linking by a code to type: the page makes it, the servers take it for a number, and the phone's owner types it.
//
// The members, the stages, the cleared secret, the code's life (180 s) and the form of a refusal were read in the
// builds of April to September 2026. That the refs rest under the screen with the letters is an assumption, and
// those builds speak against it: see `link_code` among the options.

__d('StandinLinking', ['StandinChat', 'StandinRefs', 'StandinScreens', 'StandinTexts', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const chat = require('StandinChat');
  const refs = require('StandinRefs');
  const { element } = require('StandinScreens');
  const { text } = require('StandinTexts');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { Socket } = require('WAWebSocketModel');
  const { config, clock } = window.__standin;
  const LIFE = 180000;
  // Without 0, I, O and U, which are mistaken for others.
  const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
  const REFUSALS = {
    400: { name: 'IQErrorBadRequest', value: { text: 'bad-request', code: 400 } },
    429: { name: 'IQErrorRateOverlimit', value: { text: 'rate-overlimit', code: 429 } },
  };
  let stage = 'NotStarted'; // then Initialized, then AfterSendCompanionHello
  let asked = null; // {resolve, reject, code, phone}: what the servers have not answered yet
  let held = null; // {code, phone}: the last one they took; without a code once it has expired
  let timer = null;

  class CompanionHelloError extends Error {
    constructor(failure) {
      const type = REFUSALS[failure];
      super(`alt pairing: companion hello: ${type.name}`);
      this.name = 'CompanionHelloError';
      this.type = type;
    }
  }

  // 32 letters: every byte gives each of them equally often.
  const makeCode = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => ALPHABET[byte % 32]).join('');

  const changed = () => {
    require('StandinQr').render();
    require('StandinStage').report();
  };

  const settle = (outcome, value) => {
    const waiting = asked;
    asked = null;
    waiting?.[outcome](value);
  };

  // Whoever begins anew gives up what was not answered yet.
  const clear = (next) => {
    clearTimeout(timer);
    settle('reject', new Error('alt pairing: begun anew'));
    held = null;
    stage = next;
  };

  const expired = (phone) => {
    held = { code: null, phone };
    changed();
  };

  const answered = ({ linkCode, failure }) => {
    if (asked?.code !== linkCode) return;
    if (failure !== null) {
      settle('reject', new CompanionHelloError(failure));
      return;
    }
    const { code, phone } = asked;
    held = { code, phone };
    stage = 'AfterSendCompanionHello';
    timer = clock.after(LIFE, () => expired(phone));
    changed();
    settle('resolve', code);
  };

  const again = async () => {
    const { phone } = held;
    await exports.initialise();
    exports.start(phone).catch(() => expired(phone));
  };

  const active = () => stage !== 'NotStarted' && !prefs.isRegistered();
  // The code that may be typed now.
  exports.pending = () => (active() && held?.code) || null;
  // Whether the screen for it stands where the code to scan was.
  exports.covers = () => active() && config.linkCode === 'screen';

  exports.initialise = async () => {
    if (prefs.isRegistered()) throw new Error('alt pairing: this device is linked');
    clear('Initialized');
    // A code to scan that somebody has photographed is worth nothing any more. Nobody is told of the change.
    prefs.setADVSecretKey(null);
    if (exports.covers()) refs.stop();
    changed();
  };

  exports.start = (phone) => new Promise((resolve, reject) => {
    if (stage !== 'Initialized') throw new Error(`alt pairing: invariant: the stage is ${stage}`);
    // Spent refs do not keep the servers from taking a code, if only the socket is open.
    if (!chat.connected() || !['UNPAIRED', 'UNPAIRED_IDLE'].includes(Socket.state)) throw new Error('alt pairing: not connected');
    settle('reject', new Error('alt pairing: begun anew'));
    asked = { resolve, reject, phone, code: makeCode() };
    chat.send({ type: 'link-code', phone, code: asked.code });
  });

  exports.backToQr = async () => {
    const covered = exports.covers();
    clear('NotStarted');
    chat.send({ type: 'link-code-cancel' });
    prefs.setADVSecretKey(prefs.freshADVSecretKey());
    // Under the screen the old batch was given up. Without it that batch goes on, and what is drawn keeps the old
    // secret, dead, until the next ref: only then is it drawn again.
    if (!covered) return require('StandinStage').report();
    refs.refresh();
    return changed();
  };

  const cells = (code) => [
    ...[...code.slice(0, 4)].map((letter) => element('div', element('span', letter))),
    element('span', '-', { 'aria-hidden': 'true' }),
    ...[...code.slice(4)].map((letter) => element('div', element('span', letter))),
  ];

  const letters = (code) => element('div', element('div', cells(code)), {
    'aria-details': 'link-device-phone-number-code-screen-instructions',
    'data-link-code': [...code].join(','),
  });

  const newCode = () => {
    const button = element('button', [element('div', text('code_expired')), element('div', text('new_code'))]);
    button.addEventListener('click', again);
    return button;
  };

  exports.screen = () => {
    const parts = [element('h2', text('code_title'))];
    if (held) parts.push(held.code ? letters(held.code) : newCode());
    return element('div', parts);
  };

  exports.listen = () => {
    chat.handle('link-code-answer', answered);
    // An answer that was under way is lost with the socket.
    Socket.on('change:state', () => {
      if (!['UNPAIRED', 'UNPAIRED_IDLE'].includes(Socket.state)) settle('reject', new Error('alt pairing: the connection was lost'));
    });
  };
});

__d('WAWebAltDeviceLinkingApi', ['StandinLinking'], (require, exports) => {
  const linking = require('StandinLinking');
  let type = 'QR_CODE';

  exports.getPairingType = () => type;
  // Nothing but a note: both initialisations write it, too.
  exports.setPairingType = (wanted) => { type = wanted; };
  exports.initializeAltDeviceLinking = async () => {
    await linking.initialise();
    type = 'ALT_DEVICE_LINKING';
  };
  // The second argument has the phone show a notification; the phone here needs none.
  exports.startAltLinkingFlow = async (phone) => linking.start(phone);
  exports.initializeQRLinking = async () => {
    await linking.backToQr();
    type = 'QR_CODE';
  };
});

// Where whatsapp-web.js asks for a new batch when it cancels a code to type.
__d('WAWebLaunchSocketUtils', ['StandinRefs'], (require, exports) => {
  exports.refreshQR = () => require('StandinRefs').refresh();
});
