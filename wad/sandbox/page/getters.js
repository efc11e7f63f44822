'use strict';
// What is asked of a chat or a contact by functions, and the words for states. Some clients know a module by what it
// holds and not by its name, so a module has here what they know it by.

__d('WAWebChatGetters', [], (require, exports) => {
  for (const name of ['Newsletter', 'Broadcast', 'Group', 'User', 'Bot']) {
    exports[`getIs${name}`] = (chat) => chat.id[`is${name}`]();
  }
});

__d('WAWebContactGetters', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.getName = (contact) => contact.name;
  exports.getPushname = (contact) => contact.pushname;
  exports.getNotifyName = (contact) => contact.pushname;
  exports.getUserid = (contact) => contact.id.user;
  exports.getIsMe = (contact) => contact.id.equals(lids.me());
  exports.getPhoneNumber = (contact) => lids.toPn(contact.id);
  exports.getTextStatusString = () => '';
  exports.getShortName = (contact) => contact.shortName;
  exports.getIsUser = (contact) => contact.id.isUser();
  exports.getIsGroup = (contact) => contact.id.isGroup();
  exports.getIsWAContact = (contact) => contact.id.isUser();
  exports.getIsEnterprise = () => false;
  exports.getVerifiedName = () => undefined;
  exports.getVerifiedLevel = () => undefined;
  exports.getStatusMute = () => false;
});

__d('WAWebFrontendContactGetters', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.getFormattedName = (contact) => contact.formattedName;
  exports.getFormattedShortName = (contact) => contact.formattedName;
  exports.getDisplayName = (contact) => contact.formattedName;
  exports.getPhoneNumber = (contact) => lids.toPn(contact.id);
  exports.getPnForLid = (contact) => lids.toPn(contact.id);
  exports.getTextStatusString = () => '';
  exports.getIsMyContact = (contact) => contact.isMyContact;
});

__d('WAWebSocketConstants', [], (require, exports) => {
  const words = (...all) => Object.fromEntries(all.map((each) => [each, each]));
  exports.SOCKET_STATE = words(
    'CONFLICT', 'CONNECTED', 'DEPRECATED_VERSION', 'OPENING', 'PAIRING', 'PROXYBLOCK', 'SMB_TOS_BLOCK', 'TIMEOUT',
    'TOS_BLOCK', 'UNLAUNCHED', 'UNPAIRED', 'UNPAIRED_IDLE',
  );
  exports.SOCKET_STREAM = words('DISCONNECTED', 'SYNCING', 'RESUMING', 'CONNECTED');
  exports.WATCHED_SOCKET_STATE = words('CONNECTED', 'PAIRING', 'UNPAIRED', 'UNPAIRED_IDLE');
});

__d('WAWebLogoutReasonConstants', [], (require, exports) => {
  exports.getErrorCodeFromLogoutReason = () => undefined;
});

__d('WAWebUserPrefsLogin', ['WAWebUserPrefsMultiDevice'], (require, exports) => {
  exports.isLoggedIn = () => require('WAWebUserPrefsMultiDevice').isRegistered();
});
