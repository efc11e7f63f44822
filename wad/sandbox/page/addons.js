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

// Votes, each one's last: kept by the poll they are about.
__d('WAWebPollsVotesSchema', ['StandinStorage'], (require, exports) => {
  const storage = require('StandinStorage');
  const place = (parent) => ['worker-storage', `votes ${parent}`];
  const votes = async (parent) => Object.values((await storage.read(...place(parent))) ?? {});

  exports.getTable = () => ({ equals: (_, parent) => votes(parent) });
  exports.getVotes = async (parents) => (await Promise.all(parents.map(votes))).flat();
  exports.upsertVotes = async (given) => {
    for (const { msgKey, parentMsgKey, sender, ...rest } of given) {
      const kept = (await storage.read(...place(parentMsgKey))) ?? {};
      const vote = { ...rest, msgKey: String(msgKey), parentMsgKey: String(parentMsgKey), sender: String(sender) };
      await storage.write(...place(parentMsgKey), { ...kept, [sender]: vote });
    }
  };
});

__d('WAWebAddonPollVoteTableMode', ['WAWebPollsVotesSchema'], (require, exports) => {
  const shown = ({ id, pollUpdateParentKey, author, from, selectedOptionLocalIds, senderTimestampMs }) => ({
    msgKey: id, parentMsgKey: pollUpdateParentKey, sender: author ?? from, selectedOptionLocalIds, senderTimestampMs,
  });
  exports.pollVoteTableMode = {
    bulkUpsert: async (votes) => require('WAWebPollsVotesSchema').upsertVotes(votes.map(shown)),
  };
});

__d('WAWebPollsSendVoteMsgAction', ['StandinMarks'], (require, exports) => {
  exports.sendVote = (poll, localIds) => require('StandinMarks').vote(poll, [...localIds]);
});
