'use strict';
// A message on its way into the page: stored first, then added to what is in memory.

__d('StandinArrivals', ['WAWebCollections', 'WAWebMsgKey', 'WAWebWidFactory', 'WAWebFindChatAction', 'StandinGroups', 'StandinLids', 'StandinRows'], (require, exports) => {
  const { Msg, Chat, Contact } = require('WAWebCollections');
  const MsgModel = require('WAWebMsgModel');
  const MsgKey = require('WAWebMsgKey');
  const { createWid } = require('WAWebWidFactory');
  const { findOrCreateLatestChat } = require('WAWebFindChatAction');
  const groups = require('StandinGroups');
  const lids = require('StandinLids');
  const rows = require('StandinRows');

  exports.add = async (chat, attributes, { history = false } = {}) => {
    const made = new MsgModel(attributes);
    if (!(await rows.add(made.serialize(), { history }))) return null;
    const [model] = Msg.add(made);
    chat.msgs.add(model);
    return model;
  };

  const common = (chat, { t, isNewMsg }) => ({ from: chat.id, to: lids.me(), t, ack: 1, isNewMsg, recvFresh: isNewMsg });

  // What a chat begins with. They come as any other message does, as new ones, too (measured).
  const begin = async (chat, stanza, isNewMsg) => {
    const first = [{ type: 'e2e_notification', subtype: 'encrypt' }];
    // A card tells of a person (read in the modules); of a group's first rows nothing was measured.
    if (!stanza.own && !stanza.group) first.push({ type: 'notification_template', subtype: 'contact_info_card' });
    for (const [number, kind] of first.entries()) {
      const id = new MsgKey({ fromMe: false, remote: chat.id, id: `${stanza.id.slice(0, 20)}${number}` });
      await exports.add(chat, { ...common(chat, { ...stanza, isNewMsg }), id, body: undefined, ...kind });
    }
  };

  exports.chatOf = async ({ pn, lid, group }) => {
    if (pn) await lids.learn(createWid(pn), createWid(lid));
    return (await findOrCreateLatestChat(createWid(group ?? pn))).chat;
  };

  // Who wrote it, as its group names people, and undefined elsewhere: what the key has behind it (read in the modules).
  exports.authorOf = ({ own, pn, lid, group, byLid }) => {
    if (!group) return undefined;
    return own ? groups.mine(byLid) : createWid(byLid ? lid : pn);
  };

  // What a message is; what belongs to another one stands under that one's key.
  exports.contentOf = (stanza, { fromMe, remote, participant }) => {
    if (stanza.text === null) return { type: 'ciphertext' };
    return require('StandinContents').incoming(stanza, (id) => new MsgKey({ fromMe, remote, id, participant }));
  };

  // What a group tells of itself: a row of the system, which is as new as any message.
  exports.group = async (stanza, { isNewMsg }) => {
    await groups.learn(stanza.group);
    const chat = await exports.chatOf({ group: stanza.group.id });
    if (chat.t === undefined) await begin(chat, stanza, isNewMsg);
    const id = new MsgKey({ fromMe: false, remote: chat.id, id: stanza.id, participant: groups.author(chat.id) });
    const { author, recipients } = await require('StandinGroupChanges').tell(stanza);
    const row = { id, body: undefined, type: 'gp2', subtype: stanza.word, author, recipients };
    await exports.add(chat, { ...common(chat, { ...stanza, isNewMsg }), ...row });
    chat.set({ t: stanza.t });
    await chat.keep();
  };

  const count = async (chat, model, stanza, history) => {
    const unread = stanza.own || history ? 0 : 1;
    chat.set({ t: stanza.t, lastReceivedKey: model.id, unreadCount: stanza.own ? 0 : Math.max(0, chat.unreadCount) + unread });
    await chat.keep();
  };

  // A few changes follow each message, of which none says anything new (measured: about four).
  const settle = (model) => {
    for (const name of ['viewMode', 'messageRangeIndex', 'eventInvalidated', 'recvFresh']) model.set({ [name]: false });
  };

  exports.text = async (stanza, { isNewMsg, history = false }) => {
    const chat = await exports.chatOf(stanza);
    const participant = exports.authorOf(stanza);
    const id = new MsgKey({ fromMe: stanza.own, remote: chat.id, id: stanza.id, participant });
    if (await rows.has(id)) return;
    if (chat.t === undefined && !history) await begin(chat, stanza, isNewMsg);
    const person = await Contact.find(participant ?? chat.id);
    if (stanza.name) person.set({ pushname: stanza.name });
    const me = participant ?? lids.me();
    const ends = stanza.own ? { from: me, to: chat.id, author: me } : { author: participant };
    const rest = { id, notifyName: stanza.name, isMdHistoryMsg: history, ...exports.contentOf(stanza, id) };
    const model = await exports.add(chat, { ...common(chat, { ...stanza, isNewMsg }), ...ends, ...rest }, { history });
    await count(chat, model, stanza, history);
    settle(model);
  };

  exports.restore = async () => {
    for (const each of await rows.chats()) await Chat.restore(each);
  };
});
