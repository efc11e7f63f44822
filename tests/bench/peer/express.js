'use strict';
// Express with one route and nothing behind it, which answers with the document in a file.
//
//   node express.js FILE
//
// It tells its port on stdout as server.js does.

const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const express = require('express');

const status = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = express();
app.get('/whatsapp/status', (request, response) => {
  response.json(status);
});
createInterface({ input: process.stdin }).on('close', () => process.exit(0));
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ event: 'listening', value: server.address().port })}\n`);
});
