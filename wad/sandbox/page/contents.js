'use strict';
// What a message is beside a text, on its way out and in: the fields that go with its type.

__d('StandinContents', [], (require, exports) => {
  const MEDIA = [
    'mimetype', 'filename', 'size', 'filehash', 'encFilehash', 'mediaKey', 'mediaKeyTimestamp', 'directPath', 'width', 'height',
    'duration', 'isGif', 'isViewOnce',
  ];
  const FIELDS = {
    image: MEDIA, video: MEDIA, ptt: MEDIA, audio: MEDIA, document: MEDIA, sticker: MEDIA,
    location: ['lat', 'lng', 'loc', 'clientUrl'],
    vcard: ['body', 'vcardFormattedName'],
    multi_vcard: ['vcardList'],
    poll_creation: ['pollName', 'pollOptions', 'pollSelectableOptionsCount', 'kind'],
    album: ['expectedImageCount', 'expectedVideoCount'],
  };
  // What others are told as text, beside these fields: a caption, and of the rest nothing.
  const words = ({ type, body, caption }) => (type in FIELDS ? caption : body) ?? '';
  const bare = (key) => key?.id ?? key;

  exports.isMedia = (type) => FIELDS[type] === MEDIA;
  exports.outgoing = (message) => {
    const names = FIELDS[message.type];
    if (!names) return { text: words(message) };
    const fields = Object.fromEntries(names.filter((name) => ![null, undefined].includes(message[name])).map((name) => [name, message[name]]));
    // A picture of the picture, which stands in the place of the text.
    if (names === MEDIA && message.body) fields.body = message.body;
    return { text: words(message), content: { type: message.type, fields, parent: bare(message.parentMsgKey) } };
  };
  exports.incoming = ({ text, content }, keyOf) => {
    if (!content) return { type: 'chat', body: text };
    const { type, fields, parent } = content;
    const caption = exports.isMedia(type) && text ? { caption: text } : {};
    return { type, ...fields, ...caption, ...(parent && { parentMsgKey: keyOf(parent) }) };
  };
});

// A contact as a card.
__d('WAWebFrontendVcardUtils', ['StandinLids'], (require, exports) => {
  const lids = require('StandinLids');
  exports.vcardFromContactModel = (contact) => {
    const { user } = lids.toPn(contact.id) ?? contact.id;
    const displayName = contact.formattedName;
    const lines = ['BEGIN:VCARD', 'VERSION:3.0', `N:;${displayName};;;`, `FN:${displayName}`, `TEL;type=CELL;waid=${user}:+${user}`, 'END:VCARD'];
    return { displayName, vcard: lines.join('\n') };
  };
});

__d('WAWebVcardParsingUtils', [], (require, exports) => {
  exports.parseVcard = (text) => Object.fromEntries(text.split('\n').map((line) => line.trim().split(/:(.*)/)));
});

__d('WAWebVcardGetNameFromParsed', [], (require, exports) => {
  exports.vcardGetNameFromParsed = (parsed) => parsed.FN;
});
