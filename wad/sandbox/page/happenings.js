'use strict';
// What is said of a message that is there already: receipts, edits, revocations, reactions, a text that came late.

// What somebody's device tells of messages sent to it, of those not in memory, too.
__d('StandinReceipts', ['WAWebMsgCollection', 'WAWebMsgKey'], (require, exports) => {
  const { MsgCollection } = require('WAWebMsgCollection');
  const MsgKey = require('WAWebMsgKey');

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
  exports.handleGroupSimpleReceipt = require('StandinReceipts').handle;
});

__d('StandinHappenings', ['StandinArrivals', 'WAWebCollections', 'WAWebMsgKey', 'WAWebWidFactory', 'StandinLids', 'StandinRows', 'WAWebHandleDirectChatReceipt'], (require, exports) => {
  const { Msg } = require('WAWebCollections');
  const MsgKey = require('WAWebMsgKey');
  const { createWid } = require('WAWebWidFactory');
  const lids = require('StandinLids');
  const rows = require('StandinRows');

  // The message that a stanza is about: the one who wrote to the page or, where that is none, what the page sent.
  const target = async (stanza) => {
    const { id: remote } = await require('StandinArrivals').chatOf(stanza);
    return { remote, id: new MsgKey({ fromMe: stanza.own, remote, id: stanza.about }) };
  };

  // In memory or not, what changes is stored.
  const change = async (id, changes) => {
    const kept = Msg.get(id)?.serialize() ?? (await rows.read(id));
    if (!kept) return;
    await rows.update({ ...kept, ...changes });
    Msg.get(id)?.set(changes);
  };

  exports.receipt = async ({ from, ids, level }) => {
    const address = lids.address(createWid(from));
    const { handleChatSimpleReceipt } = require('WAWebHandleDirectChatReceipt');
    const ackString = level === 3 ? 'read' : null;
    await handleChatSimpleReceipt({ type: 'receipt', ack: level, ackString, from: address, externalIds: ids, participant: null, recipient: null });
  };

  // `change:ack` is triggered with undefined for what others wrote (measured).
  exports.edit = async (stanza) => {
    const { id, remote } = await target(stanza);
    const latestEditMsgKey = new MsgKey({ fromMe: stanza.own, remote, id: stanza.id });
    await change(id, { latestEditMsgKey, body: stanza.text, ...(stanza.own ? {} : { ack: undefined }) });
  };

  exports.decrypted = async (stanza) => {
    const { id } = await target(stanza);
    await change(id, { type: 'chat', body: stanza.text });
  };

  exports.revoke = async (stanza) => {
    const { id, remote } = await target(stanza);
    const { own, t } = stanza;
    const mine = new MsgKey({ fromMe: own, remote, id: stanza.id });
    const [from, to] = own ? [lids.me(), remote] : [remote, lids.me()];
    const message = { id: mine, from, to, t, type: 'protocol', subtype: 'sender_revoke', protocolMessageKey: id, isNewMsg: true };
    await Msg.processMultipleMessages(remote, [message], {});
  };

  exports.reaction = async (stanza) => {
    const { id: parent, remote } = await target(stanza);
    const id = new MsgKey({ fromMe: false, remote, id: stanza.id });
    const reaction = {
      id, reactionText: stanza.text, reactionParentKey: parent, from: remote, author: remote, to: lids.me(),
      t: stanza.t, reactionTimestamp: stanza.t * 1000, orphan: 0, orphanReason: null, read: false, ack: 1, type: 'reaction',
    };
    await require('WAWebAddonReactionTableMode').reactionTableMode.bulkUpsert([reaction]);
  };
});
