// Hears of messages and of what is said about them; each becomes an item for `put`.
//
// What the real page does here is measured: an edit triggers change:ack with undefined; of a revoked message in memory
// the model takes another id, of one that is not only processMultipleMessages tells; reactions reach a table alone.
(modules, values, put, state, ring) => {
  'use strict';
  const { Msg } = modules('WAWebCollections', 'Chat', 'Msg');
  const bus = modules('WAWebBackendEventBus', 'BackendEventBus')?.BackendEventBus;
  const safely = (look) => {
    try {
      look();
    } catch {
      state.overflowed = true; // a scan may read what this could not
      ring();
    }
  };
  // Ours come after the page's own, and never keep it from going on.
  const wrap = (holder, name, before) => {
    const own = holder?.[name];
    if (typeof own !== 'function') return;
    holder[name] = function (...args) {
      safely(() => before(...args));
      return own.apply(this, args);
    };
  };

  const add = (model) => safely(() => {
    if (model.isNewMsg !== true || model.isMdHistoryMsg) return;
    if (values.isGroupChange(model)) put(values.groupChange(model));
    if (values.isSystem(model)) return;
    if (!state.quiet.has(String(model.id))) put(values.message(model));
  });

  // A message that could not be decrypted has a text now.
  const typed = (model, type, before) => safely(() => {
    if (before === 'ciphertext' && !values.isSystem(model)) put(values.message(model));
  });

  const acked = (model, ack) => safely(() => {
    if (typeof ack === 'number' && model.id.fromMe) put({ kind: 'ack', id: String(model.id), ack });
  });

  // The text changes with the key, before or after it.
  const edited = (model, key) => {
    if (key) setTimeout(() => safely(() => put(values.edited(model))), 0);
  };

  const revoked = (model) => safely(() => {
    const key = model.protocolMessageKey ?? model.id;
    put(values.revoked(key, key.remote, Boolean(key.fromMe)));
  });

  const protocol = (_, messages) => {
    for (const { type, subtype, protocolMessageKey: key } of messages ?? []) {
      const revokes = type === 'protocol' && ['sender_revoke', 'admin_revoke'].includes(subtype);
      if (revokes && key) put(values.revoked(key, key.remote, Boolean(key.fromMe)));
    }
  };

  const reacted = (reactions) => {
    for (const { id, reactionParentKey: parent, author, from, reactionText, reactionTimestamp, t } of reactions ?? []) {
      const timestamp = reactionTimestamp ?? 1000 * t;
      const said = { author: String(author ?? from), text: reactionText ?? '', timestamp };
      put({ kind: 'reacted', id: String(parent), fromMe: Boolean(id?.fromMe), ...said });
    }
  };

  const voted = (votes) => {
    for (const { id, pollUpdateParentKey: parent, author, from, selectedOptionLocalIds: chosen, t } of votes ?? []) {
      const named = Msg.get(parent)?.pollOptions ?? [];
      const options = [...(chosen ?? [])].map((each) => String(named.find(({ localId }) => localId === each)?.name ?? each));
      put({ kind: 'voted', id: String(parent), author: String(author ?? from), options, timestamp: t, fromMe: Boolean(id?.fromMe) });
    }
  };

  const heard = { add, 'change:type': typed, 'change:ack': acked, 'change:latestEditMsgKey': edited, revoked };
  for (const [event, listener] of Object.entries(heard)) Msg.on(event, listener);
  wrap(Msg, 'processMultipleMessages', protocol);
  wrap(modules('WAWebAddonReactionTableMode', 'reactionTableMode')?.reactionTableMode, 'bulkUpsert', reacted);
  wrap(modules('WAWebAddonPollVoteTableMode', 'pollVoteTableMode')?.pollVoteTableMode, 'bulkUpsert', voted);
  bus?.on('offline_delivery_end', ring);
}
