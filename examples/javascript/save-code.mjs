// Saves the code as a picture: node save-code.mjs [FILE]. Fails if no code is live.
import { writeFile } from 'node:fs/promises';

import { Wad } from './client.mjs';

const file = process.argv[2] ?? 'code.png';
const picture = await new Wad().request('api/whatsapp/qr.png');
await writeFile(file, new Uint8Array(await picture.arrayBuffer()));
console.log(`saved ${file}`);
