'use strict';
// The keys of this device, and the text of its code's fields.

__d('StandinKeys', ['WABase64', 'StandinStorage'], (require, exports) => {
  const { encodeB64, decodeB64 } = require('WABase64');
  const storage = require('StandinStorage');
  const fresh = () => crypto.getRandomValues(new Uint8Array(32)).buffer;
  let noise = null;
  let identity = null;

  const readNoise = () => {
    const saved = JSON.parse(localStorage.getItem('WANoiseInfo') ?? 'null');
    return saved && { pubKey: decodeB64(saved.pubKey), privKey: decodeB64(saved.privKey) };
  };

  const makeNoise = () => {
    const pair = { pubKey: fresh(), privKey: fresh() };
    const text = { pubKey: encodeB64(pair.pubKey), privKey: encodeB64(pair.privKey) };
    localStorage.setItem('WANoiseInfo', JSON.stringify(text));
    return pair;
  };

  exports.load = async () => {
    noise = readNoise() ?? makeNoise();
    identity = await storage.read('signal-storage', 'identity');
    if (identity) return;
    identity = { pubKey: fresh(), privKey: fresh() };
    await storage.write('signal-storage', 'identity', identity);
  };
  // After a logout nothing of the device is left, before anything else happens.
  exports.drop = () => {
    noise = null;
    identity = null;
    localStorage.removeItem('WANoiseInfo');
  };
  exports.noise = () => noise;
  exports.identity = () => identity;
  exports.publicText = () => ({ noise: encodeB64(noise.pubKey), identity: encodeB64(identity.pubKey) });
});

__d('WAWebUserPrefsInfoStore', ['StandinKeys'], (require, exports) => {
  const keys = require('StandinKeys');
  exports.waNoiseInfo = { get: async () => ({ staticKeyPair: keys.noise() }) };
});

__d('WAWebSignalStoreApi', ['StandinKeys'], (require, exports) => {
  const keys = require('StandinKeys');
  exports.waSignalStore = {
    getRegistrationInfo: async () => ({ registrationId: 1, identityKeyPair: keys.identity() }),
  };
});

__d('WAWebCompanionRegClientUtils', [], (require, exports) => {
  exports.DEVICE_PLATFORM = '1';
});

__d('WAWebAdvSignatureApi', ['WAWebUserPrefsMultiDevice'], (require, exports) => {
  // Unlike the other member of this name it throws where there is none, as under a code to type.
  exports.getADVSecretKey = async () => {
    const secret = require('WAWebUserPrefsMultiDevice').getADVSecretKey();
    if (secret === null) throw new Error('secretKey is null or undefined');
    return secret;
  };
});
