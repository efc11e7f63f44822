// Puts wad's part of messages into a document, once: a queue of what is heard, and what can be asked.
//
// It hangs under the observer's symbol, out of the page's sight. The queue is bounded: beyond that what is heard is
// dropped and `overflowed` says so, since the page's own store has it. Each call ends within `patience` ms, or says
// that it is unanswered; what it does goes on then.
(moduleOf, onDemand, describe, lookup, make, listen, scanner, grouper, attacher, reader, sender, marker, key, document, most, patience) => {
  'use strict';
  const held = window[Symbol.for(key)];
  if (!held) return null;
  if (held.mail) return held.mail.document;
  const state = { queue: [], number: 0, overflowed: false, quiet: new Set(), pending: new Map() };
  const ring = () => held.ring();
  const modules = lookup(moduleOf, onDemand);
  const values = make(modules);

  const put = (item) => {
    state.number += 1;
    if (state.queue.length < most) state.queue.push({ number: state.number, item });
    else state.overflowed = true;
    ring();
  };

  const settled = () => {
    const waiting = modules('WAWebEventsWaitForOfflineDeliveryEnd', 'isOfflineDeliveryEnd');
    return waiting ? waiting.isOfflineDeliveryEnd() : true;
  };

  const take = (upto, count) => {
    state.queue = state.queue.filter(({ number }) => number > upto);
    const given = state.queue.slice(0, count);
    const { overflowed } = state;
    state.overflowed = false;
    const last = given.at(-1)?.number ?? Math.min(upto, state.number);
    return { document, items: given.map(({ item }) => item), upto: last, settled: settled(), overflowed };
  };

  const within = (work, ms) =>
    Promise.race([work, new Promise((done) => { setTimeout(() => done({ unanswered: true }), ms); })]);

  const groups = grouper(modules);
  const sending = sender(modules, values, groups, put, state, describe);
  const media = attacher(modules, describe, sending.found);
  sending.carry(media.fields);
  const { upload, fetch, drop } = media;
  const marking = marker(modules, sending, describe);
  const reading = reader(modules, values, groups, sending, media.hold);
  const calls = { take, scan: scanner(modules, values, state), ...sending, ...marking, ...reading, upload, fetch, drop };
  const call = async (name, args, ms) => {
    try {
      return await within(calls[name](...args), ms ?? patience);
    } catch (error) {
      return { failed: describe(error) };
    }
  };

  listen(modules, values, put, state, ring);
  held.mail = { document, call, hold: media.hold, held: media.held };
  return document;
}
