'use strict';
// What is known of people beside their messages: pictures, whether they are there, and what they are told of us.

__d('WAWebProfilePicThumbCollection', ['WAWebBaseCollection', 'WAWebBaseModel', 'WAWebWidFactory', 'StandinQuestions'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const BaseModel = require('WAWebBaseModel');
  const { createWid } = require('WAWebWidFactory');
  const { ask } = require('StandinQuestions');

  class ProfilePicThumb extends BaseModel {}
  ProfilePicThumb.prototype.proxyName = 'profile-pic-thumb';
  const address = (kind, id, tag) => (tag ? `${location.origin}/pps/${kind}/${id}?tag=${tag}` : null);

  class ProfilePicThumbCollection extends BaseCollection {
    async find(id) {
      return this.get(id) ?? this.update(id);
    }

    // Nulls where there is none (measured).
    async update(id) {
      const { tag } = await ask({ type: 'picture', about: String(id) });
      const eurl = address('image', id, tag);
      const values = { tag, eurl, imgFull: eurl, img: address('preview', id, tag), stale: false };
      const known = this.get(id);
      return known ? known.set(values) : this.add(new ProfilePicThumb({ id: createWid(id), ...values }))[0];
    }
  }
  exports.ProfilePicThumb = ProfilePicThumb;
  exports.ProfilePicThumbCollectionImpl = ProfilePicThumbCollection;
  exports.ProfilePicThumbCollection = new ProfilePicThumbCollection();
});

__d('WAWebContactProfilePicThumbBridge', ['WAWebProfilePicThumbCollection'], (require, exports) => {
  const { ProfilePicThumbCollection } = require('WAWebProfilePicThumbCollection');
  exports.requestProfilePicFromServer = async ({ id }) => {
    const { tag, eurl, img } = await ProfilePicThumbCollection.update(id?._serialized ?? id);
    if (tag === null) throw Object.assign(new Error('ServerStatusCodeError: 404'), { name: 'ServerStatusCodeError', status: 404 });
    return { id, tag, eurl, previewEurl: img };
  };
});

// Questions to the servers by number; one that is not answered stays open.
__d('StandinQuestions', [], (require, exports) => {
  const chat = require('StandinChat');
  const open = new Map();
  let number = 0;

  exports.ask = (question) => new Promise((done) => {
    number += 1;
    open.set(number, done);
    chat.send({ ...question, id: number });
  });
  chat.handle('picture-answer', (answer) => {
    open.get(answer.id)?.(answer);
    open.delete(answer.id);
  });
});

// Who is there, and who writes: of others nothing is told here.
__d('WAWebPresenceCollection', ['WAWebBaseCollection', 'WAWebBaseModel'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const BaseModel = require('WAWebBaseModel');

  class Presence extends BaseModel {
    async subscribe() { this.set({ isSubscribed: true }); }
  }
  Presence.prototype.proxyName = 'presence';

  class PresenceCollection extends BaseCollection {
    of(id) {
      const values = { id, isOnline: false, hasData: false, isSubscribed: false, chatstate: new BaseModel({ type: undefined }) };
      return this.get(id) ?? this.add(new Presence(values))[0];
    }
  }
  exports.PresenceCollectionImpl = PresenceCollection;
  exports.PresenceCollection = new PresenceCollection();
});

__d('WAWebChatStateBridge', ['WAWebWidFactory'], (require, exports) => {
  const { createWid } = require('WAWebWidFactory');
  const chat = require('StandinChat');
  const tell = (state) => async (wid) => chat.send({ type: 'chatstate', to: String(createWid(wid)), state });
  exports.sendChatStateComposing = tell('composing');
  exports.sendChatStateRecording = tell('recording');
  exports.sendChatStatePaused = tell('paused');
});

__d('WAWebChatPresence', ['WAWebChatStateBridge'], (require, exports) => {
  const bridge = require('WAWebChatStateBridge');
  exports.markComposing = ({ id }) => bridge.sendChatStateComposing(id);
  exports.markRecording = ({ id }) => bridge.sendChatStateRecording(id);
  exports.markPaused = ({ id }) => bridge.sendChatStatePaused(id);
});

__d('WAWebPresenceChatAction', ['WAWebStreamModel'], (require, exports) => {
  const { Stream } = require('WAWebStreamModel');
  exports.sendPresenceAvailable = async () => Stream.markAvailable();
  exports.sendPresenceUnavailable = async () => Stream.markUnavailable();
});
