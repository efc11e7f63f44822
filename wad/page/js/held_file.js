// Gives the file that wad's part of messages holds under a token; null where it holds none.
(key, token) => {
  'use strict';
  return window[Symbol.for(key)]?.mail?.held(token) ?? null;
}
