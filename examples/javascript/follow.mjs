// Prints each message that comes, and misses none: node follow.mjs [FILE]. The file keeps the number of the last one
// dealt with, so that whatever came while this was not running is printed at its next start.
import { readFile, rename, writeFile } from 'node:fs/promises';

import { seconds, Wad, WadError } from './client.mjs';

const file = process.argv[2] ?? 'last-event';
const wad = new Wad();
let after = Number(await readFile(file, 'utf8').catch(() => 0));
for (;;) {
  try {
    const { events, next } = await wad.get(`api/whatsapp/events?types=message&after=${after}&wait=5`);
    for (const { data } of events) console.log(`${data.from}: ${data.text}`);
    if (next === after) continue;
    after = next;
    await writeFile(`${file}.new`, String(after));
    await rename(`${file}.new`, file);
  } catch (error) {
    if (error instanceof WadError && error.code === 'unauthorized') throw error;
    await seconds(1); // wad is away, and comes back
  }
}
