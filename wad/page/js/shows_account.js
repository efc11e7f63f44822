// Tells whether the page belongs to a linked account, so that a picture of it could show chats.
//
// Three signs, any of which will do, for a page that wad no longer knows may have renamed one of them: its own
// answer, the key it keeps in the storage from pairing to logout, and the list of chats.
(moduleOf) => {
  'use strict';
  const attempt = (look) => {
    try {
      return Boolean(look());
    } catch {
      return false;
    }
  };
  return (
    attempt(() => moduleOf('WAWebUserPrefsMultiDevice').isRegistered() === true) ||
    attempt(() => localStorage.getItem('last-wid-md')) ||
    attempt(() => document.querySelector('#side, #pane-side, #main'))
  );
}
