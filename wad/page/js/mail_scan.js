// Reads what the page keeps of messages: its own store outlives documents, as no queue of ours does.
//
// IndexedDB model-storage, store message, index rowId; bodies are encrypted there, so the page's own way reads them
// (measured: getMessagesById gives them decrypted, and those that were missed).
(modules, values, state) => {
  'use strict';
  const answered = (request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });

  // Without a version: the page's own is never changed, and held for as long as one look takes.
  const using = async (look) => {
    const database = await answered(indexedDB.open('model-storage'));
    database.onversionchange = () => database.close();
    try {
      return await look(database.transaction('message', 'readonly').objectStore('message').index('rowId'));
    } finally {
      database.close();
    }
  };

  const newestOf = async (index) => (await answered(index.openKeyCursor(null, 'prev')))?.key ?? 0;

  const rowsBehind = (after, most) =>
    using(async (index) => {
      const rows = await answered(index.getAll(IDBKeyRange.lowerBound(after, true), most + 1));
      return { rows, newest: await newestOf(index) };
    });

  const reactionsOf = async (model) => {
    const { Reactions } = modules('WAWebCollections', 'Chat', 'Msg');
    const told = model.hasReaction ? await Reactions?.find(String(model.id)) : null;
    const said = told?.reactions ?? [];
    return said.map(({ senderUserJid, reactionText, timestamp, msgKey }) => ({
      ...{ kind: 'reacted', id: String(model.id), author: String(senderUserJid), text: reactionText ?? '' },
      ...{ timestamp, fromMe: String(msgKey).startsWith('true_') },
    }));
  };

  const itemsOf = async (model, row) => {
    if (model.type === 'revoked') {
      const key = model.protocolMessageKey ?? model.id;
      return [values.revoked(key, key.remote, Boolean(key.fromMe))];
    }
    if (values.isGroupChange(model) && !model.isMdHistoryMsg) return [values.groupChange(model)];
    if (values.isSystem(model) || model.isMdHistoryMsg) return [];
    const edit = model.latestEditMsgKey ? [values.edited(model)] : [];
    return [{ ...values.message(model), row }, ...edit, ...(await reactionsOf(model))];
  };

  return async (after, most) => {
    const { rows, newest } = await rowsBehind(after, most);
    const wanted = rows.slice(0, most);
    const ids = wanted.map(({ id }) => String(id));
    // What is read here into memory is no news to those who listen.
    ids.forEach((id) => state.quiet.add(id));
    const { Msg } = modules('WAWebCollections', 'Chat', 'Msg');
    const { messages } = ids.length ? await Msg.getMessagesById(ids) : { messages: [] };
    const byId = new Map(messages.map((model) => [String(model.id), model]));
    const items = [];
    for (const { id, rowId } of wanted) {
      const model = byId.get(String(id));
      if (model) items.push(...(await itemsOf(model, rowId)));
    }
    ids.forEach((id) => state.quiet.delete(id));
    return { items, last: wanted.at(-1)?.rowId ?? after, newest, more: rows.length > most };
  };
}
