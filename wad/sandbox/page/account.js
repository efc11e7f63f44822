'use strict';
// Who this device belongs to.

__d('WAWebUserPrefsMultiDevice', ['WAWebEventEmitter', 'WABase64'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');
  const { encodeB64 } = require('WABase64');
  const emitter = new EventEmitter();
  const fresh = () => encodeB64(crypto.getRandomValues(new Uint8Array(32)));
  let secret = fresh();

  exports.advSecretEventEmitter = emitter;
  exports.getADVSecretKey = () => secret;
  exports.freshADVSecretKey = fresh;
  // Setting alone tells nobody; null takes it away.
  exports.setADVSecretKey = (value) => { secret = value; };
  exports.rotateADVSecretKey = () => {
    secret = fresh();
    emitter.trigger('change', secret);
  };
  exports.isRegistered = () => localStorage.getItem('last-wid-md') !== null;
});

__d('WAWebUserPrefsMeUser', ['WAWebWidFactory'], (require, exports) => {
  const { createUserWid, createWid } = require('WAWebWidFactory');
  const read = (name) => JSON.parse(localStorage.getItem(name) ?? 'null');
  const wid = (name, make) => {
    const text = read(name);
    return text ? make(text) : undefined;
  };
  exports.getMaybeMePnUser = () => wid('last-wid-md', createUserWid);
  exports.getMaybeMeDevicePn = () => wid('last-wid-md', createWid);
  const orThrow = (found) => {
    if (!found) throw new Error('getMeUser: there is nobody');
    return found;
  };
  exports.getMePnUserOrThrow = () => orThrow(exports.getMaybeMePnUser());
  exports.getMeLidUserOrThrow = () => orThrow(exports.getMaybeMeLidUser());
  exports.getMaybeMeLidUser = () => wid('WALid', createUserWid);
  exports.getMaybeMeDisplayName = () => read('me-display-name') ?? undefined;
});

__d('StandinAccount', ['WAWebConnModel', 'WAWebUserPrefsMeUser', 'StandinStorage'], (require, exports) => {
  const storage = require('StandinStorage');
  const { Conn } = require('WAWebConnModel');
  const { config } = window.__standin;

  const apply = (account) => {
    const { name, platform } = account;
    const pushname = config.pushname === 'empty' ? '' : name;
    const wid = require('WAWebUserPrefsMeUser').getMaybeMePnUser();
    Conn.set({ wid, pushname, platform, isSMB: platform.startsWith('smb') });
  };
  // All values are kept with quotes around them, as JSON.
  exports.keep = async (account) => {
    await storage.write('wawc_db_enc', 'account', account);
    localStorage.setItem('WALid', JSON.stringify(account.lid));
    localStorage.setItem('me-display-name', JSON.stringify(account.name));
    localStorage.setItem('last-wid-md', JSON.stringify(account.wid));
    apply(account);
  };
  exports.restore = async () => {
    const account = await storage.read('wawc_db_enc', 'account');
    if (account && localStorage.getItem('last-wid-md')) apply(account);
  };
  exports.device = () => JSON.parse(localStorage.getItem('last-wid-md') ?? 'null');
  exports.drop = () => {
    localStorage.removeItem('last-wid-md');
    localStorage.removeItem('WALid');
    localStorage.removeItem('me-display-name');
  };
});
