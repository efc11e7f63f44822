'use strict';
// Linking by a code to type: the page makes it, the servers take it for a number, and the phone's owner types it.
//
// The members, the stages, the one state that all calls share, the cleared secret, the code's life (180 s), the
// errors and the form of a refusal were read in the builds of April to September 2026. No call is ever given up: an
// answer that comes late is written into whatever the state has become meanwhile.

__d('StandinLinking', ['StandinChat', 'StandinKeys', 'StandinLinkScreen', 'WAWebBackendApi', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const chat = require('StandinChat');
  const screen = require('StandinLinkScreen');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { frontendFireAndForget } = require('WAWebBackendApi');
  const { config, clock } = window.__standin;
  const LIFE = 180000;
  const MOST_HELLOS = 3;
  // Without 0, I, O and U, which are mistaken for others.
  const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
  const REFUSALS = {
    400: ['IQErrorBadRequest', 'bad-request'],
    403: ['IQErrorForbidden', 'forbidden'],
    429: ['IQErrorRateOverlimit', 'rate-overlimit'],
    452: ['IQErrorFeatureNotAvailable', 'feature-not-available'],
    500: ['IQErrorInternalServerError', 'internal-server-error'],
  };
  const waiting = new Map(); // number of the question → {resolve, reject}
  const state = {};
  let type = 'QR_CODE';
  let number = 0;

  const failed = (name, text, more) => Object.assign(new Error(`alt pairing: ${text}`), { name, ...more });
  const invariant = (stage) => {
    if (state.stage !== stage) throw new Error(`alt pairing: invariant: the stage is ${state.stage}`);
  };

  const clear = () => Object.assign(state, { stage: 'NotStarted', ref: null, code: null, phone: null, since: null, hellos: 0 });
  clear();

  // 32 letters: every byte gives each of them equally often.
  const makeCode = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => ALPHABET[byte % 32]).join('');

  const refusal = (code) => {
    if (!REFUSALS[code]) return failed('SmaxParsingFailure', 'companion hello: the answer has no known form');
    const [name, text] = REFUSALS[code];
    return failed('CompanionHelloError', `companion hello: ${name}`, { type: { name, value: { text, code } } });
  };

  const ask = (phone, code) => new Promise((resolve, reject) => {
    number += 1;
    waiting.set(number, { resolve, reject });
    chat.send({ type: 'link-code', id: number, phone, code });
  });

  const answered = ({ id, ref, failure }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (failure === null) resolve(ref);
    else reject(refusal(failure));
  };

  const renew = () => prefs.setADVSecretKey(prefs.freshADVSecretKey());

  // The phone may try again with the same code, each time for another secret.
  const repeat = () => {
    if (state.hellos > MOST_HELLOS) throw failed('MaxPrimaryHelloError', 'too many primary hellos for one code');
    renew();
    state.stage = 'AfterSendCompanionHello';
  };

  const check = (ref) => {
    invariant('AfterSendCompanionHello');
    if (state.ref === null) throw failed('MissingCachedRefError', 'there is no ref');
    if (ref !== state.ref) throw failed('InvalidRefError', 'primary hello: another ref');
    if (state.code === null) throw new Error('alt pairing: there is no companion hello');
    if (performance.now() - state.since > clock.real(LIFE)) throw failed('OldCodeError', 'primary hello for an old code');
  };

  // Nobody but the phone can tell whether the right code was typed: the page finishes whatever it was.
  const finish = ({ ref }) => {
    state.hellos += 1;
    if (state.stage === 'AfterSendCompanionFinish') repeat();
    check(ref);
    renew();
    chat.send({ type: 'companion-finish', code: state.code, advSecret: prefs.getADVSecretKey() });
    state.stage = 'AfterSendCompanionFinish';
  };

  const primaryHello = (message) => {
    frontendFireAndForget('primaryHelloReceivedAltLinking', {});
    try {
      finish(message);
    } catch (error) {
      frontendFireAndForget('errorAltLinking', {});
      chat.send({ type: 'companion-refused', error: error.name });
    }
  };

  exports.active = () => type === 'ALT_DEVICE_LINKING' && !prefs.isRegistered();
  // Whether the screen for it stands where the code to scan was.
  exports.covers = () => exports.active() && config.linkCode === 'screen';
  exports.type = () => type;
  exports.setType = (wanted) => { type = wanted; };

  exports.initialise = async () => {
    clear();
    // A code to scan that somebody has photographed is worth nothing any more. Nobody is told of the change.
    await prefs.setADVSecretKey(null);
    state.stage = 'Initialized';
    type = 'ALT_DEVICE_LINKING';
    screen.begin();
  };

  exports.start = async (phone) => {
    if (require('StandinKeys').noise() === null) throw failed('NoiseInfoIsNullError', 'there are no keys');
    Object.assign(state, { phone, since: performance.now() });
    invariant('Initialized');
    const code = makeCode();
    state.code = code;
    state.ref = await ask(phone, code);
    state.stage = 'AfterSendCompanionHello';
    screen.show(code, phone);
    return code;
  };

  exports.backToQr = async () => {
    const covered = exports.covers();
    clear();
    await renew();
    type = 'QR_CODE';
    screen.end(covered);
  };

  exports.listen = () => {
    chat.handle('link-code-answer', answered);
    chat.handle('primary-hello', primaryHello);
  };
});

__d('WAWebAltDeviceLinkingApi', ['StandinLinking'], (require, exports) => {
  const linking = require('StandinLinking');

  exports.getPairingType = linking.type;
  // Nothing but a note: both initialisations write it, too.
  exports.setPairingType = linking.setType;
  exports.initializeAltDeviceLinking = linking.initialise;
  // The second argument has the phone show a notification; the phone here needs none.
  exports.startAltLinkingFlow = (phone) => linking.start(phone);
  exports.initializeQRLinking = linking.backToQr;
});

// What the page's button and peers call for a new batch: comms are stopped and started, whatever the page is at.
__d('WAWebLaunchSocketUtils', ['StandinRefs'], (require, exports) => {
  exports.refreshQR = () => require('StandinRefs').refresh();
});
