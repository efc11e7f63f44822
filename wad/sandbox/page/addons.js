'use strict';
// Reactions and votes: they are about a message, and are kept apart from it.

__d('WAWebReactionsCollection', ['WAWebBaseCollection', 'WAWebBaseModel'], (require, exports) => {
  const BaseCollection = importDefault('WAWebBaseCollection');
  const BaseModel = importDefault('WAWebBaseModel');

  class Reactions extends BaseModel {}
  Reactions.prototype.proxyName = 'reactions';

  class ReactionsCollection extends BaseCollection {
    // All that is said of one message is one model. An empty text takes a reaction back.
    addOrUpdate({ reactionParentKey, reactionText, from }) {
      const id = String(reactionParentKey);
      const model = this.get(id) ?? this.add(new Reactions({ id, reactions: [] }))[0];
      const others = model.reactions.filter((each) => each.senderUserJid !== String(from));
      model.set({ reactions: reactionText ? [...others, { senderUserJid: String(from), reactionText }] : others });
      return model;
    }
  }
  exports.ReactionsCollectionImpl = ReactionsCollection;
  exports.ReactionsCollection = new ReactionsCollection();
});

__d('WAWebAddonReactionTableMode', ['WAWebReactionsCollection', 'WAWebMsgCollection'], (require, exports) => {
  const { ReactionsCollection } = require('WAWebReactionsCollection');
  const { MsgCollection } = require('WAWebMsgCollection');

  exports.reactionTableMode = {
    bulkUpsert: async (reactions) => {
      for (const each of reactions) {
        const { reactions: all } = ReactionsCollection.addOrUpdate(each);
        MsgCollection.get(each.reactionParentKey)?.set({ hasReaction: all.length > 0 });
      }
    },
  };
});

__d('WAWebAddonPollVoteTableMode', [], (require, exports) => {
  exports.pollVoteTableMode = { bulkUpsert: async () => {} };
});
