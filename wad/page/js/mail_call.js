// Asks wad's part of messages in this document; null where it is not there (yet).
(key, document, name, args, ms) => {
  'use strict';
  const mail = window[Symbol.for(key)]?.mail;
  if (!mail || (document && mail.document !== document)) return null;
  return mail.call(name, args, ms);
}
