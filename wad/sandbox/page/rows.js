'use strict';
// What is kept of messages and chats: IndexedDB `model-storage`, where the stores have the real page's names.
//
// Read in the builds of April 2026: a row's `rowId` is the greatest one plus one, above 1e9 for what is new and below
// for what history brought; so after the newest rows were deleted their numbers are given anew. Bodies lie
// encrypted in the row.

__d('StandinRows', ['StandinStorage', 'WAWebMsgKey', 'WAWebWidFactory'], (require, exports) => {
  const storage = require('StandinStorage');
  const MsgKey = require('WAWebMsgKey');
  const { createWid } = require('WAWebWidFactory');
  const FIRST_NEW = 1e9;
  const NAME = 'model-storage';
  const SECRET = [
    'body', 'caption', 'notifyName', 'quotedMsg', 'filename', 'mediaKey', 'lat', 'lng', 'loc', 'vcardFormattedName', 'vcardList',
    'pollName', 'pollOptions',
  ];
  const WIDS = ['from', 'to', 'author'];
  const LISTS = ['recipients', 'mentionedJidList'];
  const KEYS = ['id', 'latestEditMsgKey', 'protocolMessageKey', 'parentMsgKey'];
  // What only this document knows of a message.
  const PASSING = ['isNewMsg', 'recvFresh', 'local', 'rowId'];
  let secret = null;

  const messages = (mode, action) => storage.use(NAME, mode, action, 'message');

  // The key itself cannot be read out of the browser, as the real one's cannot.
  const key = () => (secret ??= (async () => {
    const kept = await storage.read('wawc_db_enc', 'message-key');
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: 'AES-CBC', length: 128 }, false, ['encrypt', 'decrypt']);
    await storage.write('wawc_db_enc', 'message-key', made);
    return made;
  })());

  const seal = async (values) => {
    const iv = crypto.getRandomValues(new Uint8Array(16));
    const text = new TextEncoder().encode(JSON.stringify(values));
    return { iv, _data: await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, await key(), text) };
  };
  const unseal = async ({ iv, _data }) => {
    const text = await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, await key(), _data);
    return JSON.parse(new TextDecoder().decode(text));
  };

  const pick = (values, wanted) => Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
  const plain = (value) => {
    if (Array.isArray(value) && value[0]?._serialized) return value.map(String);
    return value instanceof MsgKey || typeof value?._serialized === 'string' ? String(value) : value;
  };

  const toRow = async (message) => {
    const open = pick(message, (name) => !SECRET.includes(name) && !PASSING.includes(name));
    const row = Object.fromEntries(Object.entries(open).map(([name, value]) => [name, plain(value)]));
    return { ...row, msgRowOpaqueData: await seal(pick(message, (name) => SECRET.includes(name))) };
  };

  const fromRow = async ({ msgRowOpaqueData, ...row }) => {
    const message = { ...row, ...(await unseal(msgRowOpaqueData)) };
    for (const name of WIDS) if (message[name]) message[name] = createWid(message[name]);
    for (const name of LISTS) if (message[name]) message[name] = message[name].map(createWid);
    for (const name of KEYS) if (message[name]) message[name] = MsgKey.from(message[name]);
    return message;
  };

  const rangeOf = (history) => (history ? IDBKeyRange.upperBound(FIRST_NEW) : IDBKeyRange.lowerBound(FIRST_NEW, true));

  // A row that is there already stays as it is; whether it was is told. Nothing may come between asking for the
  // greatest number and writing the next one.
  exports.add = async (message, { history = false } = {}) => {
    const row = await toRow(message);
    let added = true;
    await messages('readwrite', (store) => {
      const newest = store.index('rowId').openCursor(rangeOf(history), 'prev');
      newest.onsuccess = () => {
        const last = newest.result?.key ?? (history ? 0 : FIRST_NEW);
        const request = store.add({ ...row, rowId: last + 1 });
        request.onerror = (event) => {
          added = false;
          event.preventDefault();
          event.stopPropagation();
        };
      };
      return newest;
    });
    return added;
  };

  // Under the same number; `before` is the key it had, where that changes.
  exports.update = async (message, before = message.id) => {
    const row = await toRow(message);
    await messages('readwrite', (store) => {
      const old = store.get(String(before));
      old.onsuccess = () => {
        if (!old.result) return;
        store.delete(String(before));
        store.add({ ...row, rowId: old.result.rowId });
      };
      return old;
    });
  };

  exports.has = async (id) => (await messages('readonly', (store) => store.count(String(id)))) > 0;
  exports.read = async (id) => {
    const row = await messages('readonly', (store) => store.get(String(id)));
    return row && fromRow(row);
  };
  // Of one chat, in the order of their coming, each with its number; from one message on, or up to it.
  exports.around = async (chat, anchor, count, before) => {
    const rows = await messages('readonly', (store) => store.index('rowId').getAll());
    const mine = rows.filter(({ id }) => String(MsgKey.fromString(id).remote) === String(chat));
    const at = anchor ? mine.findIndex(({ id }) => id === String(anchor)) : mine.length;
    if (at < 0) return null;
    const wanted = before ? mine.slice(Math.max(0, at - count), at) : mine.slice(at + 1, at + 1 + count);
    return Promise.all(wanted.map(fromRow));
  };
  exports.all = async () => {
    const rows = await messages('readonly', (store) => store.index('rowId').getAll());
    return Promise.all(rows.map(fromRow));
  };

  exports.chats = () => storage.use(NAME, 'readonly', (store) => store.getAll(), 'chat');
  exports.keepChat = (chat) => storage.use(NAME, 'readwrite', (store) => store.put(chat), 'chat');
});
