'use strict';
// Reactions and votes: they are about a message, and are kept apart from it.

__d('WAWebReactionsCollection', ['WAWebBaseCollection', 'WAWebBaseModel'], (require, exports) => {
  const BaseCollection = require('WAWebBaseCollection');
  const BaseModel = require('WAWebBaseModel');

  class Reactions extends BaseModel {}
  Reactions.prototype.proxyName = 'reactions';

  class ReactionsCollection extends BaseCollection {
    // All that is said of one message is one model. An empty text takes a reaction back.
    addOrUpdate(reaction) {
      const id = reaction.parentMsgKey;
      const model = this.get(id) ?? this.add(new Reactions({ id, reactions: [] }))[0];
      const others = model.reactions.filter((each) => each.senderUserJid !== reaction.senderUserJid);
      return model.set({ reactions: reaction.reactionText ? [...others, reaction] : others });
    }
  }
  exports.ReactionsCollectionImpl = ReactionsCollection;
  exports.ReactionsCollection = new ReactionsCollection();
});

// The form in which the part that shows reactions is told of one (read in the builds of 2026).
__d('WAWebReactionsMsgAction', ['WAWebReactionsCollection', 'WAWebMsgCollection'], (require, exports) => {
  const { ReactionsCollection } = require('WAWebReactionsCollection');
  const { MsgCollection } = require('WAWebMsgCollection');

  exports.addOrUpdateReactionsModelCollection = async (reaction) => {
    const { reactions } = ReactionsCollection.addOrUpdate(reaction);
    MsgCollection.get(reaction.parentMsgKey)?.set({ hasReaction: reactions.length > 0 });
  };
});

__d('WAWebAddonReactionTableMode', ['WAWebReactionsMsgAction'], (require, exports) => {
  const shown = ({ id, reactionParentKey, author, from, reactionText, reactionTimestamp, orphan, read, ack }) => ({
    msgKey: String(id), parentMsgKey: String(reactionParentKey), senderUserJid: String(author ?? from), reactionText,
    timestamp: reactionTimestamp, orphan, read, ack,
  });

  exports.reactionTableMode = {
    bulkUpsert: async (reactions) => {
      const action = require('WAWebReactionsMsgAction');
      for (const each of reactions) await action.addOrUpdateReactionsModelCollection(shown(each), { allowNotify: true });
    },
  };
});

__d('WAWebAddonPollVoteTableMode', [], (require, exports) => {
  exports.pollVoteTableMode = { bulkUpsert: async () => {} };
});
