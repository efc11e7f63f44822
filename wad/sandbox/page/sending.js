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
    const { id, to } = data;
    const pn = to.isUser() && lids.toPn(to);
    const said = require('StandinContents').outgoing(data);
    const stanza = { type: 'send', id: id.id, to: String(to), ...said, ...(pn && { pn: String(pn) }) };
    const before = unanswered.get(id.id)?.done ?? [];
    const waiting = { stanza, done: [...before, done] };
    unanswered.set(id.id, waiting);
    transmit(waiting);
  });

  chat.handle('send-answer', answered);
  BackendEventBus.on('offline_delivery_end', () => unanswered.forEach(transmit));
});

__d('WAWebSendMsgRecordAction', ['WAWebSendMsgJob', 'StandinGroups', 'StandinReceipts'], (require, exports) => {
  const groups = require('WAWebGroupMetadataCollection');
  const receipts = require('StandinReceipts');
  const FAILED = { messageSendResult: 'ERROR_UNKNOWN', count: 0 };

  // A group is looked up before anything is tried: where that fails, so does the promise, with the servers' status, and
  // the message stays at ack 0 (read in the modules).
  const prepare = async ({ id, to }) => {
    const { participants } = await groups.find(to);
    const others = participants.filter((each) => String(each.id) !== String(id.participant));
    await receipts.expect(id, others.map((each) => each.id));
  };

  // Why it failed is not told; the job's answer has the code.
  exports.sendMsgRecord = async (model) => {
    if (model.to.isGroup()) await prepare(model);
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
    // In a group nobody is blocked.
    if (chat.id.isUser() && Blocklist.get(lids.toPn(chat.id) ?? chat.id)) throw new ContactBlocked('Contact is blocked');
    return sendMsgRecord(model);
  };

  exports.DuplicateMessageError = DuplicateMessageError;
  exports.ContactBlocked = ContactBlocked;
  // `ready` is given the model once it is there, and is waited for before anything goes out.
  exports.addAndSendMsgToChat = (chat, message, ready) => {
    const added = add(chat, message);
    const result = added.then((model) => (ready ? ready(model).then(() => send(chat, model)) : send(chat, model)));
    // Whoever looks at the first alone is not told of the second by the browser's console.
    result.catch(() => {});
    return [added, result];
  };
  exports.resendMsgToChat = async (chat, promise) => send(chat, await promise);
});

__d('WAWebSendTextMsgChatAction', ['WAWebSendMsgChatAction', 'WAWebMsgKey', 'StandinGroups'], (require, exports) => {
  const MsgKey = require('WAWebMsgKey');
  const groups = require('StandinGroups');

  exports.createTextMsgData = async (chat, text, options = {}) => {
    const from = groups.meIn(chat.id);
    const id = new MsgKey({ from, to: chat.id, id: await MsgKey.newId(), participant: groups.author(chat.id), selfDir: 'out' });
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

// The short way to send a medium: the message is there before its file is at the media server, and fails with it.
__d('WAWebMediaPrep', ['WAWebPrepRawMedia', 'WAWebMediaStorage', 'WAWebMediaMmsV4Upload', 'WAWebSendMsgChatAction'], (require, exports) => {
  const { MediaPrep, prepRawMedia } = require('WAWebPrepRawMedia');
  const { getOrCreateMediaObject } = require('WAWebMediaStorage');
  const { msgToMediaType } = require('WAWebMmsMediaTypes');
  const FAILED = { messageSendResult: 'ERROR_UPLOAD', count: 0 };

  class UploadFailed extends Error {}

  const upload = async (mediaData, model) => {
    const mediaObject = getOrCreateMediaObject(mediaData.filehash);
    mediaObject.consolidate(mediaData.toJSON());
    const mediaType = msgToMediaType(mediaData);
    const { uploadMedia } = require('WAWebMediaMmsV4Upload');
    const { mediaEntry } = await uploadMedia({ mimetype: mediaData.mimetype, mediaObject, mediaType });
    if (!mediaEntry) {
      await model.updateAck(-1);
      throw new UploadFailed();
    }
    const { directPath, mediaKey, mediaKeyTimestamp, encFilehash } = mediaEntry;
    model.set({ directPath, mediaKey, mediaKeyTimestamp, encFilehash });
    await require('StandinRows').update(model.serialize());
  };

  exports.MediaPrep = MediaPrep;
  exports.prepRawMedia = prepRawMedia;
  exports.sendMediaMsgToChat = async (prep, chat, { caption, isViewOnce, productMsgOptions }) => {
    const mediaData = await prep.waitForPrep();
    const { createTextMsgData } = require('WAWebSendTextMsgChatAction');
    const common = await createTextMsgData(chat, mediaData.preview);
    // What the caller says of the message is said last but of what it is: that the file decides.
    const { type } = mediaData;
    const message = { ...common, ...mediaData.toJSON(), ...productMsgOptions, type, body: mediaData.preview, caption, isViewOnce };
    const { addAndSendMsgToChat } = require('WAWebSendMsgChatAction');
    const [added, result] = addAndSendMsgToChat(chat, message, (model) => upload(mediaData, model));
    await added;
    return result.catch((error) => {
      if (error instanceof UploadFailed) return FAILED;
      throw error;
    });
  };
  // There is no catalogue here; by this member a peer knows the module.
  exports.uploadProductImage = async () => { throw new Error('uploadProductImage: there is no catalogue'); };
});
