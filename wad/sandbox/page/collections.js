'use strict';
// Chats and messages: empty here, but peers subscribe to them before they call themselves ready.

__d('WAWebCollections', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');

  class Collection extends EventEmitter {
    #models = new Map();

    get(id) {
      return this.#models.get(String(id));
    }

    getModelsArray() {
      return [...this.#models.values()];
    }

    async find(id) {
      return this.get(id);
    }

    async getMessagesById() {
      return { messages: [] };
    }
  }
  for (const name of ['Msg', 'Chat', 'Contact', 'Label', 'GroupMetadata', 'Presence']) {
    exports[name] = new Collection();
  }
});

__d('WAWebCallCollection', ['WAWebEventEmitter'], (require, exports, module) => {
  const EventEmitter = importDefault('WAWebEventEmitter');
  const collection = new EventEmitter();
  collection.calls = new Map();
  module.exports = collection;
});

__d('WAWebSyncGatingUtils', [], (require, exports) => {
  exports.isPlaceholderMessageResendEnabled = () => false;
});

__d('WAWebAddonReactionTableMode', [], (require, exports) => {
  exports.reactionTableMode = { bulkUpsert: async () => {} };
});

__d('WAWebAddonPollVoteTableMode', [], (require, exports) => {
  exports.pollVoteTableMode = { bulkUpsert: async () => {} };
});
