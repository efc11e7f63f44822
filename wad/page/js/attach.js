// Gives the observer the binding by which it reports, and takes that out of the page's sight; false where the document
// has no observer.
(key, binding) => {
  'use strict';
  const report = window[binding];
  delete window[binding];
  const held = window[Symbol.for(key)];
  if (!held || typeof report !== 'function') return false;
  held.attach(report);
  return true;
}
