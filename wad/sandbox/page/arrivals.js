'use strict';
// A message on its way into the page: stored first, then added to what is in memory.

__d('StandinArrivals', ['WAWebCollections', 'WAWebMsgKey', 'WAWebWidFactory', 'WAWebFindChatAction', 'StandinLids', 'StandinRows'], (require, exports) => {
  const { Msg, Chat, Contact } = require('WAWebCollections');
  const MsgModel = require('WAWebMsgModel');
  const MsgKey = require('WAWebMsgKey');
  const { createWid } = require('WAWebWidFactory');
  const { findOrCreateLatestChat } = require('WAWebFindChatAction');
  const lids = require('StandinLids');
  const rows = require('StandinRows');

  exports.add = async (chat, attributes, { history = false } = {}) => {
    if (!(await rows.add(attributes, { history }))) return null;
    const [model] = Msg.add(new MsgModel(attributes));
    chat.msgs.add(model);
    return model;
  };

  const common = (chat, { t, isNewMsg }) => ({ from: chat.id, to: lids.me(), t, ack: 1, isNewMsg, recvFresh: isNewMsg });

  // What a chat begins with. They come as any other message does, as new ones, too (measured).
  const begin = async (chat, stanza, isNewMsg) => {
    const first = [{ type: 'e2e_notification', subtype: 'encrypt' }];
    if (!stanza.own) first.push({ type: 'notification_template', subtype: 'contact_info_card' });
    for (const [number, kind] of first.entries()) {
      const id = new MsgKey({ fromMe: false, remote: chat.id, id: `${stanza.id.slice(0, 20)}${number}` });
      await exports.add(chat, { ...common(chat, { ...stanza, isNewMsg }), id, body: undefined, ...kind });
    }
  };

  exports.chatOf = async ({ pn, lid }) => {
    await lids.learn(createWid(pn), createWid(lid));
    return (await findOrCreateLatestChat(createWid(pn))).chat;
  };

  const count = async (chat, model, stanza, history) => {
    const unread = stanza.own || history ? 0 : 1;
    chat.set({ t: stanza.t, lastReceivedKey: model.id, unreadCount: stanza.own ? 0 : chat.unreadCount + unread });
    await chat.keep();
  };

  // A few changes follow each message, of which none says anything new (measured: about four).
  const settle = (model) => {
    for (const name of ['viewMode', 'messageRangeIndex', 'eventInvalidated', 'recvFresh']) model.set({ [name]: false });
  };

  exports.text = async (stanza, { isNewMsg, history = false }) => {
    const chat = await exports.chatOf(stanza);
    const id = new MsgKey({ fromMe: stanza.own, remote: chat.id, id: stanza.id });
    if (await rows.has(id)) return;
    if (chat.t === undefined && !history) await begin(chat, stanza, isNewMsg);
    const person = await Contact.find(chat.id);
    if (stanza.name) person.set({ pushname: stanza.name });
    const ends = stanza.own ? { from: lids.me(), to: chat.id, author: lids.me() } : {};
    const content = stanza.text === null ? { type: 'ciphertext' } : { type: 'chat', body: stanza.text };
    const rest = { id, notifyName: stanza.name, isMdHistoryMsg: history, ...content };
    const model = await exports.add(chat, { ...common(chat, { ...stanza, isNewMsg }), ...ends, ...rest }, { history });
    await count(chat, model, stanza, history);
    settle(model);
  };

  exports.restore = async () => {
    for (const each of await rows.chats()) await Chat.restore(each);
  };
});
