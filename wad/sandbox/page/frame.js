'use strict';
// A frame that goes elsewhere now and then. `framenavigated` fires for it too, so a driver that takes
// the event for "the page is new" puts its scripts into the page twice.
(() => {
  const query = new URLSearchParams(location.search);
  const every = Number(query.get('every'));
  const delay = every * (0.5 + Math.random());
  const next = `/frame?n=${query.get('n')}&every=${every}&again=${Date.now()}`;
  setTimeout(() => location.replace(next), delay);
})();
