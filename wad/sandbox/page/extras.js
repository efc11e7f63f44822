'use strict';
// What peers ask for beside messages, on their way to `ready` and to a sent text.

__d('WAWebCallCollection', ['WAWebEventEmitter'], (require, exports, module) => {
  const EventEmitter = require('WAWebEventEmitter');
  const collection = new EventEmitter();
  collection.calls = new Map();
  module.exports = collection;
});

__d('WAWebSyncGatingUtils', [], (require, exports) => {
  exports.isPlaceholderMessageResendEnabled = () => false;
});

// The phone is asked to send again what could not be decrypted; here it does when its owner says so.
__d('WAWebNonMessageDataRequestPlaceholderMessageResendUtils', [], (require, exports) => {
  exports.handlePlaceholderMsgsSeen = async () => {};
});

__d('WALinkify', [], (require, exports) => {
  const LINK = /https?:\/\/[^\s]+/g;
  exports.findLinks = (text) => [...(text ?? '').matchAll(LINK)].map(([href]) => ({ href, value: href }));
  exports.findLink = (text) => exports.findLinks(text)[0] ?? null;
});

// No preview is made here: the servers behind it are missing.
__d('WAWebLinkPreviewChatAction', [], (require, exports) => {
  exports.getLinkPreview = async () => null;
});

__d('WAWebGetEphemeralFieldsMsgActionsUtils', [], (require, exports) => {
  exports.getEphemeralFields = () => ({});
});

__d('WAWebMsgReply', [], (require, exports) => {
  exports.canReplyMsg = (message) => message.canReply();
});

__d('WAWebBackendJobsCommon', [], (require, exports) => {
  exports.mediaTypeFromProtobuf = () => null;
});

__d('WAWebE2EProtoUtils', [], (require, exports) => {
  exports.typeAttributeFromProtobuf = () => 'text';
});

__d('WATimeUtils', [], (require, exports) => {
  exports.unixTime = () => Math.floor(Date.now() / 1000);
  exports.unixTimeMs = () => Date.now();
});
