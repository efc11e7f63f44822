'use strict';
// The stanzas of the servers, worked off one after the other, each acknowledged when it is stored.
//
// What waited while there was no document is added with `isNewMsg` undefined; what waited while a living one had lost
// its socket is new (measured). Clients that look for new messages alone lose the former.

__d('StandinInbox', ['StandinArrivals', 'StandinGroups', 'StandinHappenings', 'StandinLids', 'WAWebCollections', 'WAWebWidFactory'], (require, exports) => {
  const chat = require('StandinChat');
  const lids = require('StandinLids');
  const arrivals = require('StandinArrivals');
  const happenings = require('StandinHappenings');
  const { Blocklist, Contact } = require('WAWebCollections');
  const BaseModel = require('WAWebBaseModel');
  const { createWid } = require('WAWebWidFactory');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const { Conn } = require('WAWebConnModel');
  const { Socket } = require('WAWebSocketModel');
  let tail = lids.load().then(require('StandinGroups').restore).then(arrivals.restore);
  let booting = true;
  let ended = false;
  let hanging = false;

  const work = (task) => { tail = tail.then(task).catch(reportError); };

  const take = async (stanza) => {
    const isNewMsg = stanza.offline && booting ? undefined : true;
    if (arrivals[stanza.kind]) await arrivals[stanza.kind](stanza, { isNewMsg });
    else await happenings[stanza.kind](stanza);
    chat.send({ type: 'stanza-ack', seq: stanza.seq });
  };

  const block = (numbers) => {
    const wanted = numbers.map((each) => `${each}@c.us`);
    for (const each of Blocklist.getModelsArray()) if (!wanted.includes(String(each.id))) Blocklist.remove(each);
    Blocklist.add(wanted.map((each) => new BaseModel({ id: createWid(each) })));
  };

  // Who is in the phone's address book has a name, and nobody else.
  const name = async (names) => {
    const known = new Map();
    for (const each of names) {
      await lids.learn(createWid(each.pn), createWid(each.lid));
      known.set(String(lids.address(createWid(each.pn))), each.name);
    }
    for (const id of known.keys()) await Contact.find(id);
    for (const each of Contact.getModelsArray()) {
      const called = known.get(String(each.id));
      each.set({ name: called, shortName: called?.split(' ')[0], isMyContact: Boolean(called) });
    }
  };

  const account = async ({ migrated, blocked, names, seenHangs }) => {
    hanging = seenHangs;
    await lids.migrate(migrated);
    block(blocked);
    await name(names);
  };

  // Of a page that has not synced the end is told when it has: see `synced`.
  const end = () => {
    BackendEventBus.trigger('offline_process_ready');
    if (Socket.hasSynced) exports.end();
  };

  exports.end = () => {
    booting = false;
    ended = true;
    BackendEventBus.trigger('offline_delivery_end');
  };
  exports.ended = () => ended;
  exports.seenHangs = () => hanging;
  exports.account = (message) => work(() => account(message));
  exports.stanza = (message) => work(() => take(message));
  exports.offlineEnd = () => work(end);
  exports.history = (messages) => work(async () => {
    for (const each of messages) await arrivals.text(each, { history: true });
  });
  exports.idle = () => tail;

  Conn.on('change:connected', (_, connected) => { if (!connected) ended = false; });
});

__d('WAWebEventsWaitForOfflineDeliveryEnd', ['StandinInbox', 'WAWebBackendEventBus'], (require, exports) => {
  const { BackendEventBus } = require('WAWebBackendEventBus');
  exports.isOfflineDeliveryEnd = () => require('StandinInbox').ended();
  exports.waitForOfflineDeliveryEnd = async () => {
    if (exports.isOfflineDeliveryEnd()) return;
    await new Promise((done) => { BackendEventBus.once('offline_delivery_end', done); });
  };
});
