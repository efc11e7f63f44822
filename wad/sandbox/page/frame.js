'use strict';
// A frame that goes elsewhere now and then. `framenavigated` fires for it too, so a driver that takes
// the event for "the page is new" puts its scripts into the page twice. Each move takes some 50 ms of a
// processor, which by a fast clock would never end: after each a frame lingers twice as long, until it
// moves as it does by a clock of 1.
(() => {
  const LONGEST = 8000;
  const query = new URLSearchParams(location.search);
  const every = Number(query.get('every'));
  const delay = every * (0.5 + Math.random());
  const later = Math.max(every, Math.min(2 * every, LONGEST));
  const next = `/frame?n=${query.get('n')}&every=${later}&again=${Date.now()}`;
  setTimeout(() => location.replace(next), delay);
})();
