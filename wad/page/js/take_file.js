// Has wad's part of messages hold a field's file under a token; false where that part is not there (yet).
(key, token, field) => {
  'use strict';
  const mail = window[Symbol.for(key)]?.mail;
  if (!mail || !field.files[0]) return false;
  return mail.hold(token, field.files[0]);
}
