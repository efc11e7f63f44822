'use strict';
// What is said of a message that is there already: receipts, edits, revocations, reactions, a text that came late.

// What somebody's device tells of messages sent to it, of those not in memory, too.
__d('StandinReceipts', ['WAWebMsgCollection', 'WAWebMsgKey', 'StandinStorage'], (require, exports) => {
  const { MsgCollection } = require('WAWebMsgCollection');
  const MsgKey = require('WAWebMsgKey');
  const storage = require('StandinStorage');
  const place = (key) => ['model-storage', `message-info ${key}`];

  // In a group everybody tells alone, and the message gets an ack once all to whom it went have told as much; whether
  // the key has one's number or one's LID behind it follows from theirs (both read in the modules).
  exports.expect = (key, people) =>
    storage.write(...place(key), Object.fromEntries(people.map((each) => [String(each), 0])));
  exports.handleGroup = async ({ ack, from, participant, externalIds }) => {
    const me = require('StandinGroups').mine(participant.isLid());
    for (const id of externalIds) {
      const key = new MsgKey({ fromMe: true, remote: from, id, participant: me });
      const told = (await storage.read(...place(key))) ?? {};
      told[participant] = Math.max(told[participant] ?? 0, ack);
      await storage.write(...place(key), told);
      const all = Math.min(...Object.values(told));
      const { messages } = await MsgCollection.getMessagesById([String(key)]);
      for (const each of messages) if (all > 0) await each.updateAck(all);
    }
  };
  exports.handle = async ({ ack, from, externalIds }) => {
    const keys = externalIds.map((id) => String(new MsgKey({ fromMe: true, remote: from, id })));
    const { messages } = await MsgCollection.getMessagesById(keys);
    for (const each of messages) await each.updateAck(ack);
  };
});

__d('WAWebHandleDirectChatReceipt', ['StandinReceipts'], (require, exports) => {
  exports.handleChatSimpleReceipt = require('StandinReceipts').handle;
});

__d('WAWebHandleGroupChatReceipt', ['StandinReceipts'], (require, exports) => {
  exports.handleGroupSimpleReceipt = require('StandinReceipts').handleGroup;
});

__d('StandinHappenings', ['StandinArrivals', 'WAWebCollections', 'WAWebMsgKey', 'WAWebWidFactory', 'StandinLids', 'StandinRows', 'WAWebHandleDirectChatReceipt', 'WAWebHandleGroupChatReceipt'], (require, exports) => {
  const { Msg } = require('WAWebCollections');
  const MsgKey = require('WAWebMsgKey');
  const { createWid } = require('WAWebWidFactory');
  const lids = require('StandinLids');
  const rows = require('StandinRows');

  const arrivals = () => require('StandinArrivals');

  // The message that a stanza is about: the one who wrote to the page or, where that is none, what the page sent. And
  // in a group, who wrote it and who did something to it.
  const target = async (stanza) => {
    const { id: remote } = await arrivals().chatOf(stanza);
    const author = arrivals().authorOf(stanza);
    const actor = stanza.by ? arrivals().authorOf({ ...stanza, ...stanza.by, own: false }) : author;
    return { remote, author, actor, id: new MsgKey({ fromMe: stanza.own, remote, id: stanza.about, participant: author }) };
  };

  // In memory or not, what changes is stored.
  const change = async (id, changes) => {
    const kept = Msg.get(id)?.serialize() ?? (await rows.read(id));
    if (!kept) return;
    await rows.update({ ...kept, ...changes });
    Msg.get(id)?.set(changes);
  };

  exports.receipt = async ({ from, ids, level, participant }) => {
    const address = lids.address(createWid(from));
    const common = { type: 'receipt', ack: level, ackString: level === 3 ? 'read' : null, from: address, externalIds: ids };
    const who = participant ? createWid(participant) : null;
    if (who) await require('WAWebHandleGroupChatReceipt').handleGroupSimpleReceipt({ ...common, participant: who, recipient: null });
    else await require('WAWebHandleDirectChatReceipt').handleChatSimpleReceipt({ ...common, participant: null, recipient: null });
  };

  // `change:ack` is triggered with undefined for what others wrote (measured).
  exports.edit = async (stanza) => {
    const { id, remote, author } = await target(stanza);
    const latestEditMsgKey = new MsgKey({ fromMe: stanza.own, remote, id: stanza.id, participant: author });
    const words = { [stanza.caption ? 'caption' : 'body']: stanza.text };
    await change(id, { latestEditMsgKey, ...words, ...(stanza.own ? {} : { ack: undefined }) });
  };

  exports.decrypted = async (stanza) => {
    const { id } = await target(stanza);
    await change(id, arrivals().contentOf(stanza, id));
  };

  // The phone's answer about a medium that had expired: where it is now or, without that, that the phone has it no more.
  exports.reupload = async (stanza) => {
    const { id } = await target(stanza);
    const { directPath } = stanza;
    if (directPath) await change(id, { directPath });
    const model = Msg.get(id);
    if (model) require('StandinDownloads').uploadedAgain(model, Boolean(directPath));
  };

  exports.revoke = async (stanza) => {
    const { id, remote, author, actor } = await target(stanza);
    const { t } = stanza;
    // What an admin takes back of another's is the admin's doing.
    const subtype = String(author) === String(actor) ? 'sender_revoke' : 'admin_revoke';
    const own = stanza.own && subtype === 'sender_revoke';
    const mine = new MsgKey({ fromMe: own, remote, id: stanza.id, participant: actor });
    const [from, to] = own ? [lids.me(), remote] : [remote, lids.me()];
    const message = { id: mine, from, to, author: actor, t, type: 'protocol', subtype, protocolMessageKey: id, isNewMsg: true };
    await Msg.processMultipleMessages(remote, [message], {});
  };

  // Options have numbers in the order in which the poll has them. Times are in milliseconds (read in a peer).
  exports.vote = async (stanza) => {
    const { id: parent, remote, actor } = await target(stanza);
    const poll = Msg.get(parent) ?? (await rows.read(parent));
    const chosen = (poll?.pollOptions ?? []).filter(({ name }) => stanza.options.includes(name));
    const id = new MsgKey({ fromMe: false, remote, id: stanza.id, participant: actor });
    const time = stanza.t * 1000;
    const vote = {
      id, pollUpdateParentKey: parent, selectedOptionLocalIds: chosen.map(({ localId }) => localId), from: remote,
      author: actor ?? remote, to: lids.me(), t: time, senderTimestampMs: time, ack: 1, type: 'poll_update',
    };
    await require('WAWebAddonPollVoteTableMode').pollVoteTableMode.bulkUpsert([vote]);
  };

  // Somebody has another picture, or none: whoever has looked at it before is given the new one.
  exports.picture = async ({ pn, lid }) => {
    const { ProfilePicThumbCollection: pictures } = require('WAWebProfilePicThumbCollection');
    for (const id of [pn, lid]) if (id && pictures.get(id)) await pictures.update(id);
  };

  exports.reaction = async (stanza) => {
    const { id: parent, remote, actor } = await target(stanza);
    const id = new MsgKey({ fromMe: false, remote, id: stanza.id, participant: actor });
    const reaction = {
      id, reactionText: stanza.text, reactionParentKey: parent, from: remote, author: actor ?? remote, to: lids.me(),
      t: stanza.t, reactionTimestamp: stanza.t * 1000, orphan: 0, orphanReason: null, read: false, ack: 1, type: 'reaction',
    };
    await require('WAWebAddonReactionTableMode').reactionTableMode.bulkUpsert([reaction]);
  };
});
