'use strict';
// What was said before: read from the browser's storage, where a chat wants more of it.

__d('WAWebDBMessageFindLocal', ['StandinRows', 'WAWebMsgKey'], (require, exports) => {
  const rows = require('StandinRows');
  const MsgKey = require('WAWebMsgKey');
  const MOST = 1000;
  const OK = 200;
  const NOT_FOUND = 404;

  exports.msgFindByDirection = async ({ anchor, count, direction }) => {
    const key = MsgKey.from(anchor);
    const messages = await rows.around(key.remote, key, Math.min(count, MOST), direction === 'before');
    return { messages: messages ?? [], status: messages ? OK : NOT_FOUND };
  };
  exports.msgFindBefore = (wanted) => exports.msgFindByDirection({ ...wanted, direction: 'before' });
  exports.msgFindAfter = (wanted) => exports.msgFindByDirection({ ...wanted, direction: 'after' });
});

__d('WAWebChatLoadMessages', ['StandinRows', 'WAWebMsgCollection', 'WAWebMsgModel'], (require, exports) => {
  const rows = require('StandinRows');
  const { MsgCollection } = require('WAWebMsgCollection');
  const Msg = require('WAWebMsgModel');
  const PAGE = 50;

  // What is older than the oldest one that the chat has in memory; nothing where nothing is.
  exports.loadEarlierMsgs = async ({ chat }) => {
    const [oldest] = chat.msgs.getModelsArray();
    const found = (await rows.around(chat.id, oldest?.id, PAGE, true)) ?? [];
    const models = MsgCollection.add(found.map((each) => new Msg(each)));
    chat.msgs.add(models, { at: 0 });
    return models;
  };
});
