'use strict';
// Messages: the model, and the collection of those in memory. All others are read from the browser's storage when
// somebody asks for them by id.

__d('WAWebAck', [], (require, exports) => {
  exports.ACK = {
    MD_DOWNGRADE: -7, INACTIVE: -6, CONTENT_UNUPLOADABLE: -5, CONTENT_TOO_BIG: -4, CONTENT_GONE: -3, EXPIRED: -2,
    FAILED: -1, CLOCK: 0, SENT: 1, RECEIVED: 2, READ: 3, PLAYED: 4, PEER: 5,
  };
  exports.ACK_STRING = { SENDER: 'sender', DELIVERY: 'delivery', READ: 'read', PLAYED: 'played', INACTIVE: 'inactive' };
});

__d('WAWebMsgModel', ['WAWebBaseModel', 'StandinLids', 'StandinRows'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');
  const rows = require('StandinRows');
  const DEFAULTS = {
    author: undefined, caption: undefined, subtype: undefined, self: 'in', invis: false, star: false, broadcast: false,
    notifyName: undefined, isNewMsg: undefined, recvFresh: undefined, isMdHistoryMsg: false, isForwarded: false,
    forwardingScore: 0, mentionedJidList: [], groupMentions: [], quotedMsg: undefined, quotedStanzaID: undefined,
    quotedParticipant: undefined, hasReaction: false, latestEditMsgKey: undefined, protocolMessageKey: undefined,
    isViewOnce: false, isStatusV3: false, isEphemeral: false, links: [],
  };

  // What belongs to the medium of a message and not to the message.
  const NOT_ITS_OWN = ['mediaBlob', 'mediaStage', 'renderableUrl', 'preview', 'productMsgOptions'];
  const own = (attributes) => Object.fromEntries(Object.entries(attributes).filter(([name]) => !NOT_ITS_OWN.includes(name)));

  class Msg extends BaseModel {
    #mediaData;

    constructor(attributes) {
      super({ ...DEFAULTS, ...own(attributes) });
    }

    get isSendFailure() {
      return this.ack < 0;
    }

    // Acks go up, except to a failure, and what is in memory is in the storage as well.
    async updateAck(ack) {
      if (ack >= 0 && ack <= this.ack) return;
      this.set({ ack });
      await rows.update(this.serialize());
    }

    // Nothing of a medium is looked at before somebody asks for it.
    get mediaData() {
      if (!require('StandinContents').isMedia(this.type)) return undefined;
      return (this.#mediaData ??= require('StandinDownloads').mediaDataOf(this));
    }

    get mediaObject() {
      return this.mediaData && require('WAWebMediaStorage').getOrCreateMediaObject(this.filehash);
    }

    async downloadMedia() {
      if (this.mediaData) await require('StandinDownloads').download(this);
    }

    canReply() {
      return this.ack > 0;
    }

    msgContextInfo() {
      const { id, from, author } = this;
      return { quotedMsg: this.serialize(), quotedStanzaID: id.id, quotedParticipant: author ?? from };
    }

    unsafe() {
      return this;
    }
  }
  Msg.prototype.proxyName = 'msg';
  exports.Msg = Msg;
  exports.default = Msg;
});

__d('WAWebMsgCollection', ['WAWebBaseCollection', 'WAWebMsgModel', 'WAWebMsgKey', 'StandinRows'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const Msg = require('WAWebMsgModel');
  const MsgKey = require('WAWebMsgKey');
  const rows = require('StandinRows');
  const REVOKES = ['sender_revoke', 'admin_revoke'];

  class MsgCollection extends BaseCollection {
    async getMessagesById(ids) {
      const messages = await Promise.all(ids.map((id) => this.#fetch(String(id))));
      return { messages: messages.filter(Boolean) };
    }

    async #fetch(id) {
      if (this.get(id)) return this.get(id);
      const found = await rows.read(id);
      return found && this.add(new Msg(found))[0];
    }

    // Whatever comes for a chat passes here, those too that say something of another message.
    async processMultipleMessages(chat, messages) {
      for (const each of messages) {
        if (each.type === 'protocol' && REVOKES.includes(each.subtype)) await this.#revoke(each);
        else this.add(new Msg(each));
      }
    }

    // The model goes on under the key of what revoked it; the message's own is kept beside it (measured).
    async #revoke({ id, subtype, protocolMessageKey }) {
      const before = MsgKey.from(protocolMessageKey);
      const model = this.get(before);
      const kept = model?.serialize() ?? (await rows.read(before));
      if (!kept) return;
      const nothing = { body: undefined, caption: undefined, directPath: undefined };
      const changes = { id, type: 'revoked', subtype, ...nothing, protocolMessageKey: before };
      await rows.update({ ...kept, ...changes }, before);
      if (!model) return;
      model.trigger('revoked', model);
      model.set(changes);
      this.rekey(before, model);
    }
  }
  MsgCollection.prototype.modelClass = Msg;
  exports.MsgCollectionImpl = MsgCollection;
  exports.MsgCollection = new MsgCollection();
});
