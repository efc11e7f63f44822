// Sends, and finds out what became of it; all under keys that wad has made.
//
// The page's way takes a key of one's own, stores the message at ack 0 and tells by two promises what comes of it; the
// second is no exception but a word, and has no code: the job beneath has (all measured).
(modules, values, groups, put, state, describe) => {
  'use strict';
  const { Chat, Msg } = modules('WAWebCollections', 'Chat', 'Msg');
  const wids = modules('WAWebWidFactory', 'createWid');
  const codes = new Map();

  const job = modules('WAWebSendMsgJob', 'encryptAndSendMsg');
  const own = job?.encryptAndSendMsg;
  if (typeof own === 'function') {
    job.encryptAndSendMsg = function (...args) {
      const answer = own.apply(this, args);
      const key = args.map((each) => each?.data?.id?.id ?? each?.id?.id).find(Boolean);
      Promise.resolve(answer).then(
        (told) => { if (told?.error) codes.set(key, Number(told.error)); },
        () => {},
      );
      return answer;
    };
  }

  const refused = (failure) => ({ refused: failure });
  const wid = (text) => wids.createWid(text);

  const existing = (to) => {
    const lids = modules('WAWebApiContact', 'getCurrentLid', 'getPhoneNumber');
    const also = to.isUser() ? [to.isLid() ? lids?.getPhoneNumber(to) : lids?.getCurrentLid(to)] : [];
    return [to, ...also].map((each) => each && Chat.get(each)).find(Boolean);
  };

  const opened = async (to) => {
    const { findOrCreateLatestChat } = modules('WAWebFindChatAction', 'findOrCreateLatestChat');
    return (await findOrCreateLatestChat(to)).chat;
  };

  const resolve = async (text) => {
    let to;
    try {
      to = wid(text);
    } catch {
      return refused('invalid_recipient');
    }
    const failure = to.isGroup() ? await groups.refusal(to) : null;
    if (failure) return refused(failure);
    const known = existing(to);
    const warm = Boolean(known && (known.t || known.lastReceivedKey));
    const recipient = (id) => ({ chat: values.chat(id), warm, participant: groups.participant(id)?.toString() ?? null });
    if (warm) return recipient(known.id);
    if (to.isUser() && !to.isLid()) {
      const { queryWidExists } = modules('WAWebQueryExistsJob', 'queryWidExists');
      if ((await queryWidExists(to)) === null) return refused('not_on_whatsapp');
    }
    try {
      return recipient((await opened(to)).id);
    } catch (error) {
      // In an account whose chats go by LID the page has none for a number it does not know (measured).
      if (String(error?.message).includes('No LID')) return refused('lid_unknown');
      throw error;
    }
  };

  const found = async (id) => {
    for (const each of groups.spellings(id)) {
      const model = Msg.get(each) ?? (await Msg.getMessagesById([each])).messages[0];
      if (model) return model;
    }
    return null;
  };

  const quoted = async (chat, replyTo) => {
    const model = replyTo && (await found(replyTo));
    return model?.msgContextInfo?.(chat) ?? {};
  };

  const preview = async (text) => {
    const link = modules('WALinkify', 'findLink')?.findLink(text);
    const action = link && modules('WAWebLinkPreviewChatAction', 'getLinkPreview');
    // It asks servers: a message does not wait for them longer than a moment.
    const told = action && (await Promise.race([action.getLinkPreview(link), new Promise((done) => { setTimeout(done, 2000); })]));
    return told?.data ?? {};
  };

  const outcome = (model, result) => {
    const ref = String(model.id);
    const key = model.id.id;
    state.pending.set(ref, performance.now());
    result.then(
      (told) => {
        state.pending.delete(ref);
        const sent = told?.messageSendResult === 'OK';
        // After a network's error the message stays where it is, and is looked for there.
        if (sent || told?.messageSendResult === 'ERROR_UNKNOWN') put({ kind: 'ended', key, sent, code: codes.get(key) ?? null });
        codes.delete(key);
      },
      (error) => {
        state.pending.delete(ref);
        const code = groups.status(error);
        const blocked = describe(error).includes('ContactBlocked');
        if (blocked || code !== null) put({ kind: 'ended', key, sent: false, blocked, code });
      },
    );
  };

  // What a message is besides a text, in the page's own words (as whatsapp-web.js 1.34.7 has them).
  const located = ([lat, lng, name]) => ({ type: 'location', lat, lng, loc: name ?? undefined, body: undefined });

  const carded = (vcards) => {
    const cards = vcards.map((vcard) => ({ vcard, displayName: /^FN[^:]*:(.*)$/m.exec(vcard)?.[1]?.trim() ?? '' }));
    const [{ vcard, displayName }] = cards;
    if (cards.length === 1) return { type: 'vcard', body: vcard, vcardFormattedName: displayName };
    return { type: 'multi_vcard', vcardList: cards, body: undefined };
  };

  const polled = ([pollName, options, multiple]) => ({
    ...{ kind: 'pollCreation', type: 'poll_creation', pollName, body: undefined },
    pollOptions: options.map((name, localId) => ({ name, localId })),
    ...{ pollSelectableOptionsCount: multiple ? 0 : 1, messageSecret: crypto.getRandomValues(new Uint8Array(32)) },
  });

  // Set by who has the files that were uploaded.
  let attached = () => null;
  const carry = (fields) => { attached = fields; };

  const content = async ({ key, text, linkPreview, uploaded, place, vcards, poll }) => {
    if (uploaded) return attached(key, text);
    if (place) return located(place);
    if (vcards?.length) return carded(vcards);
    if (poll) return polled(poll);
    return linkPreview ? preview(text) : {};
  };

  const send = async (order) => {
    const { key, chat: chatId, text, replyTo, mentions } = order;
    const said = await content(order);
    if (said === null) return { lost: true };
    const chat = Chat.get(chatId) ?? (await opened(wid(chatId)));
    const MsgKey = modules('WAWebMsgKey', 'newId');
    if (chat.id.isGroup()) await groups.find(chat.id);
    const from = groups.me(chat.id);
    const participant = groups.participant(chat.id);
    const id = new MsgKey({ from, to: chat.id, id: key, participant, selfDir: 'out' });
    const ephemeral = modules('WAWebGetEphemeralFieldsMsgActionsUtils', 'getEphemeralFields');
    const message = {
      ...(ephemeral?.getEphemeralFields(chat) ?? {}),
      ...{ id, ack: 0, body: text, from, to: chat.id, local: true, self: 'out', isNewMsg: true, type: 'chat' },
      ...{ t: Math.floor(Date.now() / 1000), mentionedJidList: mentions.map(wid) },
      ...(await quoted(chat, replyTo)),
      ...said,
    };
    const { addAndSendMsgToChat } = modules('WAWebSendMsgChatAction', 'addAndSendMsgToChat');
    const [added, result] = addAndSendMsgToChat(chat, message);
    try {
      const model = await added;
      outcome(model, result);
      return { id: String(model.id) };
    } catch (error) {
      result.catch(() => {});
      return describe(error).includes('Duplicate') ? { duplicate: true } : { failed: describe(error) };
    }
  };

  // For how many seconds this document has been trying; null where it does not.
  const trying = (ref) => (state.pending.has(ref) ? (performance.now() - state.pending.get(ref)) / 1000 : null);

  const look = async (ids) => {
    const kept = {};
    for (const id of ids) {
      const model = await found(id);
      if (model) kept[id] = { id: String(model.id), ack: model.ack ?? 0, pending: trying(String(model.id)) };
    }
    return { kept };
  };

  const sendOn = async (id) => {
    const model = await found(id);
    if (!model) return { failed: 'missing' };
    const chat = Chat.get(model.id.remote) ?? (await opened(model.id.remote));
    const { resendMsgToChat } = modules('WAWebSendMsgChatAction', 'addAndSendMsgToChat', 'resendMsgToChat');
    outcome(model, Promise.resolve(resendMsgToChat(chat, Promise.resolve(model))));
    return { done: true };
  };

  return { resolve, send, look, sendOn, carry, found, opened, existing, wid };
}
