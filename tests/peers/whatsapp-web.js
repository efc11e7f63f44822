'use strict';
// Runs whatsapp-web.js, unchanged, against the address it is given, and tells on stdout what it says:
// one line of JSON for each of its events.
//
//   node whatsapp-web.js ADDRESS BROWSER PROFILE [PHONE]
//
// With WEBHOOK in the environment it sends each message there, as the servers built on it do.
// With a phone number it asks for a code to type instead of the one to scan. A line of JSON on stdin calls one of its
// methods: ["name", argument, ...]; what that gives is told as an event of the same name.

const [address, browser, profile, phoneNumber] = process.argv.slice(2);

// The client reads its address from here, once, when it is loaded: the only thing that is replaced.
require('whatsapp-web.js/src/util/Constants').WhatsWebURL = address;
const { Client, LocalAuth, Location, MessageMedia, Poll } = require('whatsapp-web.js');
const { createInterface } = require('node:readline');

const tell = (event, value = null) => process.stdout.write(`${JSON.stringify({ event, value })}\n`);

const client = new Client({
  authStrategy: new LocalAuth({ dataPath: profile }),
  // It would otherwise serve a saved page of another version in place of the one at the address.
  webVersionCache: { type: 'none' },
  ...(phoneNumber && { pairWithPhoneNumber: { phoneNumber } }),
  puppeteer: {
    executablePath: browser,
    // The browser's own sandbox does not start for root.
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  },
});

for (const event of ['qr', 'code', 'authenticated', 'auth_failure', 'loading_screen', 'change_state', 'disconnected']) {
  client.on(event, (value) => tell(event, value));
}
// A message, as far as a test looks at it.
const brief = ({ id, body, type, fromMe, author }) => ({ id: id._serialized, body, type, fromMe, author: author ?? null });
client.on('message', (message) => tell('message', brief(message)));
if (process.env.WEBHOOK) {
  client.on('message', (message) => {
    const body = JSON.stringify({ type: 'message', data: brief(message) });
    fetch(process.env.WEBHOOK, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch(
      (error) => tell('failed', String(error)),
    );
  });
}
client.on('message_create', (message) => tell('message_create', brief(message)));
client.on('message_ack', (message, ack) => tell('message_ack', { id: message.id._serialized, ack: ack ?? null }));
client.on('message_edit', (message, now, before) => tell('message_edit', { id: message.id._serialized, now, before }));
client.on('message_reaction', ({ msgId, reaction, senderId }) => tell('message_reaction', { id: msgId._serialized, reaction, senderId }));
client.on('message_revoke_everyone', (message) => tell('message_revoke_everyone', { type: message.type, about: message.protocolMessageKey?._serialized ?? null }));
client.on('message_ciphertext', (message) => tell('message_ciphertext', brief(message)));
for (const event of ['group_join', 'group_leave']) {
  client.on(event, ({ type, recipientIds: [who] }) => tell(event, { type, who: who._serialized ?? who }));
}
client.on('vote_update', ({ voter, selectedOptions }) => tell('vote_update', { voter, names: selectedOptions.map(({ name }) => name) }));
client.on('ready', () => tell('ready', { wid: client.info.wid._serialized, platform: client.info.platform, pushname: client.info.pushname }));

// What takes or gives the library's own objects, for a test that has only JSON.
const whole = async (id) => client.getMessageById(id);
const methods = {
  sendMedia: (chat, { mimetype, data, filename }, options) =>
    client.sendMessage(chat, new MessageMedia(mimetype, data, filename), options),
  sendLocation: (chat, lat, lng, options) => client.sendMessage(chat, new Location(lat, lng, options)),
  sendPoll: (chat, name, options) => client.sendMessage(chat, new Poll(name, options)),
  sendContact: async (chat, id) => client.sendMessage(chat, await client.getContactById(id)),
  download: async (id) => (await whole(id)).downloadMedia(),
  details: async (id) => {
    const { type, body, hasMedia, duration, location, vCards, pollName, pollOptions } = await whole(id);
    return { type, body, hasMedia, duration, location, vCards, pollName, pollOptions };
  },
  fetchMessages: async (chat, limit) => (await (await client.getChatById(chat)).fetchMessages({ limit })).map(brief),
  chatsInShort: async () =>
    (await client.getChats()).map(({ id, name, unreadCount, timestamp, lastMessage }) => ({
      id: id._serialized, name, unreadCount, timestamp, last: lastMessage?.body ?? null,
    })),
  leave: async (chat) => (await client.getChatById(chat)).leave(),
  typing: async (chat) => (await client.getChatById(chat)).sendStateTyping(),
};

process.on('unhandledRejection', (error) => tell('unhandled', String(error)));

const call = (line) => {
  const [method, ...values] = JSON.parse(line);
  (methods[method] ?? client[method].bind(client))(...values).then((value) => tell(method, value), (error) => tell('failed', String(error)));
};

// Whoever started this ends it, or goes away: then there is nobody left to tell.
createInterface({ input: process.stdin }).on('line', call).on('close', () => process.exit(0));

client.initialize().catch((error) => {
  tell('failed', String(error));
  process.exit(1);
});
