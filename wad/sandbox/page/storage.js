'use strict';
// What the page keeps in the browser, under the names which the real one uses.

__d('StandinStorage', [], (require, exports) => {
  const DATABASES = ['wawc', 'wawc_db_enc', 'signal-storage', 'model-storage', 'worker-storage', 'status-storage'];

  // The stores beside `values`, with their indices. Messages are found by the order in which they were written.
  const STORES = { 'model-storage': { message: 'rowId', chat: 'id' } };

  const upgrade = (database, stores) => {
    if (!database.objectStoreNames.contains('values')) database.createObjectStore('values');
    for (const [name, index] of Object.entries(stores)) {
      if (database.objectStoreNames.contains(name)) continue;
      database.createObjectStore(name, { keyPath: 'id' }).createIndex(index, index, { unique: true });
    }
  };

  const open = (name) => new Promise((done, fail) => {
    const stores = STORES[name] ?? {};
    const request = indexedDB.open(name, 1 + Object.keys(stores).length);
    request.onupgradeneeded = () => upgrade(request.result, stores);
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

  // `action` is given the store, and gives the request whose result is wanted; or asks on in a request's event.
  const use = async (name, mode, action, store = 'values') => {
    const database = await open(name);
    try {
      const transaction = database.transaction(store, mode);
      const request = action(transaction.objectStore(store));
      await new Promise((done, fail) => {
        transaction.oncomplete = done;
        transaction.onabort = () => fail(transaction.error);
      });
      return request.result;
    } finally {
      database.close();
    }
  };

  const remove = (name) => new Promise((done) => {
    const request = indexedDB.deleteDatabase(name);
    // Another tab may hold it open: what is blocked now is deleted when that tab goes.
    request.onsuccess = request.onerror = request.onblocked = done;
  });

  exports.create = async () => {
    for (const name of DATABASES) (await open(name)).close();
    // Present in every profile, and of no meaning to the stand-in.
    for (const name of ['WANoiseInfoIv', 'WebEncKeySalt', 'WAWebEncKeySalt', 'WAUnknownID']) {
      if (!localStorage.getItem(name)) localStorage.setItem(name, JSON.stringify(crypto.randomUUID()));
    }
    localStorage.setItem('WALangPhonePref', JSON.stringify(window.__standin.config.language));
  };
  exports.use = use;
  exports.read = (name, key) => use(name, 'readonly', (store) => store.get(key));
  exports.write = (name, key, value) => use(name, 'readwrite', (store) => store.put(value, key));
  exports.wipe = async () => {
    localStorage.clear();
    await Promise.all(DATABASES.map(remove));
  };
});
