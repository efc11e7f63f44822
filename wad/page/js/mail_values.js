// Turns the page's models into plain values, by a white list: whatever else a model holds stays in the page.
(modules) => {
  'use strict';
  // Rows of a chat that nobody wrote; they come as new messages, too (measured).
  const SYSTEM = /^(e2e_|notification|debug|gp2|protocol|call_log|ciphertext|reaction|pinned_message)|_notification$/;
  const text = (value) => (value === undefined || value === null ? null : String(value));

  // Where one of a person's two addresses is not known the page says so by an error, or by nothing.
  const other = (ask) => {
    try {
      return text(ask());
    } catch {
      return null;
    }
  };

  const kindOf = (wid) => (wid.isGroup() ? 'group' : wid.isUser() ? 'person' : 'other');

  const chat = (wid) => {
    const { Chat } = modules('WAWebCollections', 'Chat', 'Msg');
    const contact = modules('WAWebApiContact', 'getCurrentLid', 'getPhoneNumber');
    const kind = kindOf(wid);
    const pn = wid.isLid() ? other(() => contact?.getPhoneNumber(wid)) : wid;
    const lid = wid.isLid() ? wid : other(() => contact?.getCurrentLid(wid));
    const person = kind === 'person';
    return {
      ...{ id: String(wid), pn: person ? text(pn) : null, lid: person ? text(lid) : null },
      ...{ name: text(Chat.get(wid)?.formattedTitle) || null, kind },
    };
  };

  const KINDS = { image: 'image', video: 'video', gif: 'video', ptv: 'video', ptt: 'voice', audio: 'audio' };
  const media = (model) => {
    const kind = { ...KINDS, document: 'document', sticker: 'sticker' }[model.type];
    if (!kind) return null;
    const { mimetype, filename, size, filehash, width, height, duration } = model;
    return { kind, mimetype, filename, size, filehash, width, height, seconds: Number(duration) || null };
  };

  const cards = ({ type, body, vcardList }) =>
    type === 'vcard' ? [text(body)] : type === 'multi_vcard' ? (vcardList ?? []).map(({ vcard }) => text(vcard)) : [];

  const place = ({ type, lat, lng, loc }) => (type === 'location' ? [lat, lng, text(loc)] : null);

  const poll = ({ type, pollName, pollOptions, pollSelectableOptionsCount: count }) =>
    type === 'poll_creation' ? [text(pollName), (pollOptions ?? []).map(({ name }) => text(name)), count !== 1] : null;

  const message = (model) => ({
    ...{ media: media(model), place: place(model), vcards: cards(model), poll: poll(model) },
    album: text(model.parentMsgKey),
    ...{ kind: 'message', id: String(model.id), chat: chat(model.id.remote), sender: text(model.from) },
    // In a group the key says it, too, and of one's own messages it alone.
    ...{ fromMe: Boolean(model.id.fromMe), author: text(model.author ?? model.id.participant), type: text(model.type) },
    ...{ text: text(model.type === 'chat' ? model.body : model.caption), timestamp: model.t, ack: model.ack ?? 0 },
    ...{ replyTo: quoted(model), mentions: (model.mentionedJidList ?? []).map(String) },
    ...{ forwarded: Boolean(model.isForwarded), edit: text(model.latestEditMsgKey), name: text(model.notifyName) },
  });

  // The whole id of the message that is answered: the page keeps its key and who wrote it.
  const quoted = ({ id, quotedStanzaID: key, quotedParticipant: author }) => {
    if (!key) return null;
    const { fromMe } = { fromMe: isMe(author) };
    const group = id.remote.isGroup() ? `_${author}` : '';
    return `${fromMe}_${id.remote}_${key}${group}`;
  };

  const isMe = (wid) => {
    const me = modules('WAWebUserPrefsMeUser', 'getMaybeMePnUser');
    return [me?.getMaybeMePnUser?.(), me?.getMaybeMeLidUser?.()].some((mine) => mine && String(mine) === String(wid));
  };

  const edited = (model) => ({
    ...{ kind: 'edited', id: String(model.id), edit: String(model.latestEditMsgKey), chat: chat(model.id.remote) },
    ...{ text: text(model.type === 'chat' ? model.body : model.caption), fromMe: Boolean(model.id.fromMe) },
  });

  const revoked = (key, remote, fromMe) => ({ kind: 'revoked', id: String(key), chat: chat(remote), fromMe });

  // What happened to a group is a row of its own in its chat; the body of a new subject is that.
  const isGroupChange = ({ type, subtype }) => type === 'gp2' && Boolean(subtype);
  const groupChange = (model) => ({
    ...{ kind: 'group', id: String(model.id), chat: chat(model.id.remote), action: text(model.subtype) },
    ...{ author: text(model.author), people: (model.recipients ?? []).map(String) },
    ...{ text: text(model.body), timestamp: model.t },
  });

  return { isGroupChange, groupChange, message, edited, revoked, chat, isSystem: ({ type }) => !type || SYSTEM.test(type) };
}
