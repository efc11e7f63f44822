'use strict';
// Numbers and LIDs: which belong together, and by which of them this account knows its chats. A migrated one knows
// them by LID, and of a number without a LID it knows nothing.

__d('StandinLids', ['StandinStorage', 'WAWebWidFactory', 'WAWebUserPrefsMeUser'], (require, exports) => {
  const storage = require('StandinStorage');
  const { createWid } = require('WAWebWidFactory');
  const me = require('WAWebUserPrefsMeUser');
  const PLACE = ['worker-storage', 'lids'];
  let pairs = []; // [number, lid]
  let migrated = false;

  const find = (at, wanted, give) => {
    const mine = [String(me.getMaybeMePnUser()), String(me.getMaybeMeLidUser())];
    const found = [...pairs, mine].find((pair) => pair[at] === String(wanted));
    return found && createWid(found[give]);
  };
  const keep = () => storage.write(...PLACE, { pairs, migrated });

  exports.load = async () => {
    const saved = await storage.read(...PLACE);
    if (saved) ({ pairs, migrated } = saved);
  };
  exports.migrate = async (value) => {
    if (value === migrated) return;
    migrated = value;
    await keep();
  };
  exports.learn = async (pn, lid) => {
    if (!lid || find(0, pn, 1)) return;
    pairs.push([String(pn), String(lid)]);
    await keep();
  };
  exports.migrated = () => migrated;
  exports.toLid = (wid) => (wid.isLid() ? wid : find(0, wid, 1));
  exports.toPn = (wid) => (wid.isLid() ? find(1, wid, 0) : wid);
  // The identifier of a person's chat.
  exports.address = (wid) => {
    if (!wid.isUser()) return wid;
    if (!migrated) return exports.toPn(wid) ?? wid;
    const lid = exports.toLid(wid);
    if (!lid) throw new Error('No LID for user');
    return lid;
  };
  exports.me = () => (migrated ? me.getMaybeMeLidUser() : me.getMaybeMePnUser());
});

__d('WAWebApiContact', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.getCurrentLid = (wid) => lids.toLid(wid);
  exports.getPhoneNumber = (wid) => lids.toPn(wid);
  exports.getAlternateUserWid = (wid) => (wid.isLid() ? lids.toPn(wid) : lids.toLid(wid));
});

__d('WAWebLidMigrationUtils', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.toPn = (wid) => lids.toPn(wid);
  exports.toLid = (wid) => lids.toLid(wid);
  exports.toUserLid = exports.toLid;
  exports.toUserLidOrThrow = (wid) => {
    const lid = lids.toLid(wid);
    if (!lid) throw new Error('No LID for user');
    return lid;
  };
});

__d('WAWebLid1X1MigrationGating', ['StandinLids'], (require, exports) => {
  exports.Lid1X1MigrationUtils = { isLidMigrated: () => require('StandinLids').migrated() };
});

__d('WAWebLidPnCache', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.lidPnCache = { getCurrentLid: (wid) => lids.toLid(wid), getPhoneNumber: (wid) => lids.toPn(wid) };
});
