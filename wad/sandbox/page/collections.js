'use strict';
// Collections: models by their ids. What their models trigger they trigger, too.

__d('WAWebBaseCollection', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = require('WAWebEventEmitter');

  class BaseCollection extends EventEmitter {
    #models = new Map();

    get length() {
      return this.#models.size;
    }

    // By an id, or by what has one.
    get(id) {
      return this.#models.get(String(id)) ?? this.#models.get(String(id?.id));
    }

    async find(id) {
      return this.get(id);
    }

    // One that is there already is not added again, and nothing is triggered for it; `at` 0 is before all others.
    add(models, { at } = {}) {
      const fresh = new Set();
      const all = [models].flat().map((model) => {
        const known = this.get(model.id);
        if (!known) this.#models.set(String(model.id), model);
        if (!known) fresh.add(model);
        return known ?? model;
      });
      if (at === 0) this.#models = new Map([...this.#models].sort(([, a], [, b]) => fresh.has(b) - fresh.has(a)));
      for (const each of fresh) {
        each.join(this);
        this.trigger('add', each);
      }
      return all;
    }

    remove(id) {
      const model = this.get(id?.id ?? id);
      if (!model) return;
      this.#models.delete(String(model.id));
      this.trigger('remove', model);
      model.leave(this);
    }

    // The model's id has changed: under the old one it is no longer found.
    rekey(before, model) {
      this.#models.delete(String(before));
      this.#models.set(String(model.id), model);
    }

    getModelsArray() {
      return [...this.#models.values()];
    }

    toArray() {
      return this.getModelsArray();
    }

    map(...values) {
      return this.getModelsArray().map(...values);
    }

    filter(...values) {
      return this.getModelsArray().filter(...values);
    }

    forEach(...values) {
      this.getModelsArray().forEach(...values);
    }

    toJSON() {
      return this.map((each) => each.toJSON());
    }
  }
  exports.default = BaseCollection;
});

// What a driver reads; `GroupMetadata` is no longer among them.
__d('WAWebCollections', ['WAWebBaseCollection', 'WAWebMsgCollection', 'WAWebChatCollection', 'WAWebContactCollection', 'WAWebReactionsCollection', 'WAWebGroupMetadataCollection', 'WAWebProfilePicThumbCollection', 'WAWebPresenceCollection'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  exports.Msg = require('WAWebMsgCollection').MsgCollection;
  exports.Chat = require('WAWebChatCollection').ChatCollection;
  exports.Contact = require('WAWebContactCollection').ContactCollection;
  exports.Reactions = require('WAWebReactionsCollection').ReactionsCollection;
  exports.Blocklist = require('WAWebBlocklistCollection').BlocklistCollection;
  exports.WAWebGroupMetadataCollection = require('WAWebGroupMetadataCollection');
  exports.ProfilePicThumb = require('WAWebProfilePicThumbCollection').ProfilePicThumbCollection;
  exports.Presence = require('WAWebPresenceCollection').PresenceCollection;
  for (const name of ['Label', 'WAWebNewsletterCollection']) {
    exports[name] = new BaseCollection();
  }
});

__d('WAWebBlocklistCollection', ['WAWebBaseCollection'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  exports.BlocklistCollection = new BaseCollection();
});
