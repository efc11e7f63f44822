'use strict';
// What a page says of messages that are there: edits, revocations, reactions of its own. The servers take them and
// hand them to nobody else; the phone's owner sees them in what went out.

__d('StandinMarks', ['WAWebCollections', 'WAWebMsgKey', 'StandinGroups', 'StandinRows'], (require, exports) => {
  const { Msg } = require('WAWebCollections');
  const MsgKey = require('WAWebMsgKey');
  const chat = require('StandinChat');
  const groups = require('StandinGroups');
  const rows = require('StandinRows');

  const keyIn = async (remote) =>
    new MsgKey({ from: groups.meIn(remote), to: remote, id: await MsgKey.newId(), participant: groups.author(remote), selfDir: 'out' });
  const tell = (kind, model, text) => chat.send({ type: 'mark', kind, about: model.id.id, text });

  exports.edit = async (model, text) => {
    if (!model.id.fromMe || model.ack < 1) throw new Error('message cannot be edited');
    const changes = { latestEditMsgKey: await keyIn(model.id.remote), [model.mediaData ? 'caption' : 'body']: text };
    await rows.update({ ...model.serialize(), ...changes });
    tell('edit', model, text);
    model.set(changes);
  };

  exports.revoke = async (model) => {
    if (!model.id.fromMe || model.ack < 1) throw new Error('message cannot be revoked');
    const { remote } = model.id;
    tell('revoke', model, null);
    const message = { id: await keyIn(remote), from: groups.meIn(remote), to: remote, type: 'protocol', subtype: 'sender_revoke' };
    await Msg.processMultipleMessages(remote, [{ ...message, protocolMessageKey: model.id, isNewMsg: true }], {});
  };

  exports.vote = async (model, localIds) => {
    const now = Date.now();
    const { remote } = model.id;
    const names = model.pollOptions.filter(({ localId }) => localIds.includes(localId)).map(({ name }) => name);
    chat.send({ type: 'mark', kind: 'vote', about: model.id.id, options: names });
    const from = groups.meIn(remote);
    const id = await keyIn(remote);
    const vote = { id, pollUpdateParentKey: model.id, selectedOptionLocalIds: localIds, from, author: from, to: remote };
    await require('WAWebAddonPollVoteTableMode').pollVoteTableMode.bulkUpsert([{ ...vote, t: now, senderTimestampMs: now, ack: 1 }]);
  };

  exports.react = async (model, text) => {
    const now = Date.now();
    const from = groups.meIn(model.id.remote);
    const id = await keyIn(model.id.remote);
    tell('reaction', model, text);
    const reaction = { id, reactionText: text, reactionParentKey: model.id, from, author: from, reactionTimestamp: now };
    await require('WAWebAddonReactionTableMode').reactionTableMode.bulkUpsert([{ ...reaction, type: 'reaction', ack: 1 }]);
  };
});

__d('WAWebSendMessageEditAction', ['StandinMarks'], (require, exports) => {
  exports.sendMessageEdit = (model, text) => require('StandinMarks').edit(model, text);
});

__d('WAWebSendReactionMsgAction', ['StandinMarks'], (require, exports) => {
  exports.sendReactionToMsg = (model, text) => require('StandinMarks').react(model, text);
});
