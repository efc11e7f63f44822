'use strict';
// Groups: what they are called, who is in them, who may write; kept, and asked of the servers where they are unknown.
//
// Read in the builds of 2026: whether people go by number or by LID is the group's own matter; of a group that is not
// there the servers say 404, of one that the account is not in 403. Of the same error older builds have the number as
// `status`, later ones as `statusCode` too.

__d('StandinParticipants', ['WAWebBaseModel', 'WAWebBaseCollection', 'WAWebUserPrefsMeUser'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');
  const BaseCollection = require('WAWebBaseCollection');
  const me = require('WAWebUserPrefsMeUser');

  class Participant extends BaseModel {}
  class Participants extends BaseCollection {
    #mine() {
      const mine = [me.getMaybeMePnUser(), me.getMaybeMeLidUser()].map(String);
      return this.getModelsArray().find(({ id }) => mine.includes(String(id)));
    }

    iAmMember() { return Boolean(this.#mine()); }
    iAmAdmin() { return Boolean(this.#mine()?.isAdmin); }
  }
  exports.participants = (people) => {
    const made = new Participants();
    made.add(people.map(({ id, admin }) => new Participant({ id, isAdmin: admin, isSuperAdmin: false })));
    return made;
  };
});

__d('WAWebGroupMetadataModel', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');

  class GroupMetadata extends BaseModel {
    serialize() {
      return { ...super.serialize(), participants: this.participants.map((each) => each.serialize()) };
    }
  }
  exports.default = GroupMetadata;
});

__d('WAWebGroupMetadataCollection', ['WAWebBaseCollection', 'WAWebGroupMetadataModel'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');

  class GroupMetadataCollection extends BaseCollection {
    async find(id) {
      return this.get(id) ?? this.update(id);
    }

    // There are no communities here; by this member wa-js knows the collection.
    onParentGroupChange() {}

    async update(id) {
      const groups = require('StandinGroups');
      // One that the account is known to be out of is not asked for again (read in the modules).
      const known = this.get(id);
      if (known && !known.participants.iAmMember()) return known;
      await groups.learn(await groups.ask(id));
      return this.get(id);
    }
  }
  exports.default = new GroupMetadataCollection();
});

__d('StandinGroups', ['WAWebGroupMetadataCollection', 'WAWebGroupMetadataModel', 'StandinParticipants', 'WAWebWidFactory', 'WAWebUserPrefsMeUser', 'StandinLids', 'StandinStorage'], (require, exports) => {
  const collection = require('WAWebGroupMetadataCollection');
  const { participants } = require('StandinParticipants');
  const GroupMetadata = require('WAWebGroupMetadataModel');
  const { createWid } = require('WAWebWidFactory');
  const me = require('WAWebUserPrefsMeUser');
  const chat = require('StandinChat');
  const lids = require('StandinLids');
  const storage = require('StandinStorage');
  const PLACE = ['worker-storage', 'groups'];
  const open = new Map(); // number of the question → who waits
  let known = {}; // id → what the servers told
  let number = 0;

  const failed = (status) =>
    Object.assign(new Error(`ServerStatusCodeError: ${status}`), { name: 'ServerStatusCodeError', status, statusCode: status });

  const answered = ({ id, group, error }) => {
    const { done, fail } = open.get(id) ?? {};
    open.delete(id);
    if (error) fail?.(failed(error));
    else done?.(group);
  };

  const show = ({ id, subject, people, byLid, announce, member, admin }) => {
    const inIt = people.map((each) => ({ id: createWid(byLid ? each.lid : each.pn), admin: each.admin }));
    if (member) inIt.push({ id: exports.mine(byLid), admin });
    const values = { subject, announce, isLidAddressingMode: byLid, participants: participants(inIt), stale: false };
    const model = collection.get(id);
    if (model) model.set(values);
    else collection.add(new GroupMetadata({ id: createWid(id), ...values }));
  };

  exports.ask = (id) => new Promise((done, fail) => {
    number += 1;
    open.set(number, { done, fail });
    chat.send({ type: 'group-query', id: number, group: String(id) });
  });
  exports.learn = async (told) => {
    for (const { pn, lid } of told.people) await lids.learn(createWid(pn), createWid(lid));
    known = { ...known, [told.id]: told };
    await storage.write(...PLACE, known);
    show(told);
  };
  exports.restore = async () => {
    known = (await storage.read(...PLACE)) ?? {};
    Object.values(known).forEach(show);
  };
  // Who one is, by number or by LID.
  exports.mine = (byLid) => (byLid ? me.getMaybeMeLidUser() : me.getMaybeMePnUser());
  // Who one is in a chat: in one with a person the account decides, in a group the group.
  exports.meIn = (wid) => (wid.isGroup() ? exports.mine(Boolean(collection.get(wid)?.isLidAddressingMode)) : lids.me());
  // What a key has behind it in a group, and nowhere else.
  exports.author = (wid) => (wid.isGroup() ? exports.meIn(wid) : undefined);

  chat.handle('group-answer', answered);
});

// Who did what to whom in a group, by number or by LID as the group has it.
__d('WAWebDBUpdateGroupAction', [], (require, exports) => {
  // What others do is written down before it is shown; here that is done where it is learnt.
  exports.updateDBForGroupAction = async () => {};
});

__d('StandinGroupChanges', ['StandinGroups', 'WAWebWidFactory', 'WAWebDBUpdateGroupAction'], (require, exports) => {
  const groups = require('StandinGroups');
  const { createWid } = require('WAWebWidFactory');
  const ACTIONS = { invite: 'add', leave: 'remove' };

  exports.tell = async ({ group, word, by, about = [], own, me }) => {
    const wid = ({ pn, lid }) => createWid(group.byLid ? lid : pn);
    const author = own ? groups.mine(group.byLid) : by && wid(by);
    const recipients = [...about.map(wid), ...(me ? [groups.mine(group.byLid)] : [])];
    const change = { actionType: ACTIONS[word] ?? word, isInvite: word === 'invite', participants: recipients.map((id) => ({ id })) };
    await require('WAWebDBUpdateGroupAction').updateDBForGroupAction({ author, chatId: createWid(group.id) }, change);
    return { author, recipients };
  };
});

__d('WAWebExitGroupAction', ['StandinGroups'], (require, exports) => {
  const chat = require('StandinChat');
  exports.sendExitGroup = async ({ id }) => chat.send({ type: 'group-leave', group: String(id) });
});
