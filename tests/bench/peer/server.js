'use strict';
// What servers on whatsapp-web.js usually are: the library, unchanged, with Express and Socket.IO before it.
//
//   node server.js ADDRESS BROWSER PROFILE
//
// It listens on a port of its own choice, and tells on stdout, one line of JSON each: which one, when the library has
// taken hold of the page, and when the account is ready. With WEBHOOK in the environment it sends each message there.

const { createServer } = require('node:http');
const path = require('node:path');
const { createInterface } = require('node:readline');
const express = require('express');
const { Server } = require('socket.io');
const { toDataURL } = require('qrcode');

const [address, browser, profile] = process.argv.slice(2);
const library = path.join(__dirname, '../../peers/node_modules/whatsapp-web.js');

// The client reads its address from here, once, when it is loaded: the only thing of it that is replaced.
require(path.join(library, 'src/util/Constants')).WhatsWebURL = address;
const { Client, LocalAuth } = require(library);

const tell = (event, value = null) => process.stdout.write(`${JSON.stringify({ event, value })}\n`);

// The keys are wad's, so that the same is sent.
const status = {
  success: true,
  status: 'idle',
  isReady: false,
  hasQr: false,
  qrCode: null,
  currentState: 'idle',
  message: 'WhatsApp client not ready',
  accountInfo: null,
  phase: 'starting',
  reason: null,
  since: new Date().toISOString(),
  seq: 0,
  instance: String(process.pid),
  qrExpiresAt: null,
  pairingCode: null,
  progress: null,
  sandbox: false,
  action: null,
  pairingCodeExpiresAt: null,
};

const change = (state, changes) => {
  Object.assign(status, { status: state, currentState: state, since: new Date().toISOString() }, changes);
  status.seq += 1;
};

const client = new Client({
  authStrategy: new LocalAuth({ dataPath: profile }),
  // It would otherwise serve a saved page of another version in place of the one at the address.
  webVersionCache: { type: 'none' },
  puppeteer: {
    executablePath: browser,
    // The browser's own sandbox does not start for root.
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  },
});

const app = express();
app.use(express.json());
const server = createServer(app);
const io = new Server(server);

app.get(['/whatsapp/status', '/api/whatsapp/status'], (request, response) => {
  response.json(status);
});
app.post('/api/whatsapp/messages', async (request, response) => {
  const { to, text } = request.body;
  try {
    const message = await client.sendMessage(`${to.replace(/\D/g, '')}@c.us`, text);
    response.status(202).json({ success: true, id: message.id._serialized });
  } catch (error) {
    response.status(500).json({ success: false, error: String(error) });
  }
});

io.on('connection', (socket) => {
  if (status.qrCode) socket.emit('wa:qr', status.qrCode);
});

client.on('qr', async (text) => {
  const url = await toDataURL(text);
  change('qr', { hasQr: true, qrCode: url, message: 'QR code available, waiting for scan' });
  io.emit('wa:qr', url);
});
client.on('ready', () => {
  const { wid, pushname, platform } = client.info;
  const accountInfo = { phoneNumber: wid._serialized, name: pushname, platform };
  change('ready', { isReady: true, hasQr: false, qrCode: null, message: 'WhatsApp client is ready', accountInfo });
  tell('ready');
});
client.on('message', ({ id, body, type, from, author, fromMe, timestamp }) => {
  const message = { id: id._serialized, body, type, from, author: author ?? null, fromMe, timestamp };
  io.emit('wa:message', message);
  if (process.env.WEBHOOK) {
    const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ type: 'message', data: message }) };
    fetch(process.env.WEBHOOK, sent).catch((error) => tell('failed', String(error)));
  }
});

process.on('unhandledRejection', (error) => tell('unhandled', String(error)));

// Whoever started this ends it, or goes away.
createInterface({ input: process.stdin }).on('close', () => process.exit(0));

server.listen(0, '127.0.0.1', () => tell('listening', server.address().port));
client.initialize().then(
  // Only from now on it notices that the page loads itself anew.
  () => tell('initialized'),
  (error) => {
    tell('failed', String(error));
    process.exit(1);
  },
);
