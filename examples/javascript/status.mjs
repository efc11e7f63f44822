// Shows how the link is, and draws the code if one waits to be scanned.
import { Wad } from './client.mjs';

const wad = new Wad();
const status = await wad.get('whatsapp/status');
console.log(`${status.currentState}: ${status.message}`);
if (status.hasQr) console.log(await (await wad.request('api/whatsapp/qr.txt')).text());
