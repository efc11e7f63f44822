'use strict';
// Sending. `addAndSendMsgToChat` gives two promises: of the model, at ack 0, and of what became of it, which is no
// exception but a word: only a blocked contact and a key that was there before reject it (measured).

__d('WAWebSendMsgJob', ['WAWebEventsWaitForOfflineDeliveryEnd', 'WAWebBackendEventBus', 'StandinLids'], (require, exports) => {
  const chat = require('StandinChat');
  const lids = require('StandinLids');
  const { isOfflineDeliveryEnd } = require('WAWebEventsWaitForOfflineDeliveryEnd');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  // What has no answer yet: the next socket takes it again, another document knows nothing of it (measured).
  const unanswered = new Map();

  const transmit = ({ stanza }) => {
    if (isOfflineDeliveryEnd() && chat.connected()) chat.send(stanza);
  };

  const answered = ({ id, t, error }) => {
    const waiting = unanswered.get(id);
    unanswered.delete(id);
    waiting?.done.forEach((each) => each(error ? { error } : { t }));
  };

  exports.encryptAndSendMsg = ({ data }) => new Promise((done) => {
    const { id, to, body } = data;
    const pn = lids.toPn(to);
    const stanza = { type: 'send', id: id.id, to: String(to), text: body, ...(pn && { pn: String(pn) }) };
    const before = unanswered.get(id.id)?.done ?? [];
    const waiting = { stanza, done: [...before, done] };
    unanswered.set(id.id, waiting);
    transmit(waiting);
  });

  chat.handle('send-answer', answered);
  BackendEventBus.on('offline_delivery_end', () => unanswered.forEach(transmit));
});

__d('WAWebSendMsgRecordAction', ['WAWebSendMsgJob'], (require, exports) => {
  const FAILED = { messageSendResult: 'ERROR_UNKNOWN', count: 0 };

  // Why it failed is not told; the job's answer has the code.
  exports.sendMsgRecord = async (model) => {
    const data = model.serialize();
    const answer = await require('WAWebSendMsgJob').encryptAndSendMsg({ type: 'chat', data }, data, {});
    await model.updateAck(answer.error ? -1 : 1);
    return answer.error ? { ...FAILED, t: model.t } : { messageSendResult: 'OK', t: answer.t, count: 0 };
  };
});

__d('WAWebSendMsgChatAction', ['WAWebSendMsgRecordAction', 'StandinArrivals', 'WAWebCollections', 'WAWebMsgKey', 'StandinLids', 'StandinRows'], (require, exports) => {
  const { Blocklist } = require('WAWebCollections');
  const { sendMsgRecord } = require('WAWebSendMsgRecordAction');
  const arrivals = require('StandinArrivals');
  const lids = require('StandinLids');

  class DuplicateMessageError extends Error {
    name = 'DuplicateMessageError';
  }
  class ContactBlocked extends Error {
    name = 'ContactBlocked';
  }

  const add = async (chat, message) => {
    const model = await arrivals.add(chat, { ...message, ack: 0 });
    if (!model) throw new DuplicateMessageError('message already exists');
    chat.set({ t: message.t, lastReceivedKey: model.id });
    await chat.keep();
    return model;
  };

  const send = async (chat, model) => {
    if (Blocklist.get(lids.toPn(chat.id) ?? chat.id)) throw new ContactBlocked('Contact is blocked');
    return sendMsgRecord(model);
  };

  exports.DuplicateMessageError = DuplicateMessageError;
  exports.ContactBlocked = ContactBlocked;
  exports.addAndSendMsgToChat = (chat, message) => {
    const added = add(chat, message);
    const result = added.then((model) => send(chat, model));
    // Whoever looks at the first alone is not told of the second by the browser's console.
    result.catch(() => {});
    return [added, result];
  };
  exports.resendMsgToChat = async (chat, promise) => send(chat, await promise);
});

__d('WAWebSendTextMsgChatAction', ['WAWebSendMsgChatAction', 'WAWebMsgKey', 'StandinLids'], (require, exports) => {
  const MsgKey = require('WAWebMsgKey');
  const lids = require('StandinLids');

  exports.createTextMsgData = async (chat, text, options = {}) => {
    const from = lids.me();
    const id = new MsgKey({ from, to: chat.id, id: await MsgKey.newId(), selfDir: 'out' });
    const quoted = options.quotedMsg?.msgContextInfo(chat) ?? {};
    const t = Math.floor(Date.now() / 1000);
    return { id, ack: 0, body: text, from, to: chat.id, local: true, self: 'out', t, isNewMsg: true, type: 'chat', ...quoted };
  };
  exports.addAndSendTextMsg = (chat, data) => require('WAWebSendMsgChatAction').addAndSendMsgToChat(chat, data);
  // Tells no id, and nothing at all of a blank text.
  exports.sendTextMsgToChat = async (chat, text, options) => {
    if (!text.trim()) return undefined;
    const [, result] = exports.addAndSendTextMsg(chat, await exports.createTextMsgData(chat, text, options));
    return result;
  };
});
