// What is done to messages and chats that are there: edits, revocations, reactions, "seen" and "typing".
(modules, sending, describe) => {
  'use strict';
  const done = { done: true };
  const rejected = { refused: 'rejected' };

  const about = (act) => async (id, ...args) => {
    const model = await sending.found(id);
    if (!model) return rejected;
    try {
      await act(model, ...args);
      return done;
    } catch (error) {
      return { ...rejected, why: describe(error) };
    }
  };

  const edit = about((model, text) =>
    modules('WAWebSendMessageEditAction', 'sendMessageEdit').sendMessageEdit(model, text, {}));

  const revoke = about(async (model) => {
    const chat = await sending.opened(model.id.remote);
    await modules('WAWebCmd', 'Cmd').Cmd.sendRevokeMsgs(chat, { list: [model], type: 'message' }, { clearMedia: true });
  });

  const react = about((model, text) =>
    modules('WAWebSendReactionMsgAction', 'sendReactionToMsg').sendReactionToMsg(model, text));

  // The promise need not be kept, and no receipt leaves a page that does not count as available (measured).
  const seen = async (id) => {
    const chat = sending.existing(sending.wid(id));
    if (!chat) return rejected;
    const { Stream } = modules('WAWebStreamModel', 'Stream');
    const away = () => Stream.markUnavailable?.();
    Stream.markAvailable?.();
    Promise.resolve(modules('WAWebUpdateUnreadChatAction', 'sendSeen').sendSeen({ chat })).then(away, away);
    return done;
  };

  const typing = async (id, on) => {
    const bridge = modules('WAWebChatStateBridge', 'sendChatStateComposing', 'sendChatStatePaused');
    const chat = sending.existing(sending.wid(id)) ?? (await sending.opened(sending.wid(id)));
    await (on ? bridge.sendChatStateComposing(chat.id) : bridge.sendChatStatePaused(chat.id));
    return done;
  };

  return { edit, revoke, react, seen, typing };
}
