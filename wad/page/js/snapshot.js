// Gives the observer's reading of the present; null where the document has no observer.
(key) => {
  'use strict';
  return window[Symbol.for(key)]?.read() ?? null;
}
