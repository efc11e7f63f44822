// Receives a webhook's events: node webhook.mjs [PORT], with its secret in WAD_WEBHOOK_SECRET. Needs: npm install
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WAD_WEBHOOK_SECRET);
const known = new Set(); // a real one keeps them where it keeps what it does with the events

const server = createServer(async (request, response) => {
  let event;
  try {
    event = webhook.verify(await text(request), request.headers);
  } catch {
    response.writeHead(401).end();
    return;
  }
  // An event may come twice, with the same id.
  if (!known.has(event.id)) console.log(`${event.type} ${event.data.text ?? ''}`.trim());
  known.add(event.id);
  response.writeHead(204).end(); // 2xx alone means that it need not come again
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
