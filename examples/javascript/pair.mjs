// Gets a code to type on the phone, under Linked devices: node pair.mjs '+1 555 123-45-67'.
import { seconds, Wad } from './client.mjs';

const wad = new Wad();
console.log((await wad.post('api/whatsapp/pair', { phone: process.argv[2] })).message);
for (;;) {
  const { pairingCode, reason, action } = await wad.get('whatsapp/status');
  if (pairingCode) {
    console.log(`${pairingCode.slice(0, 4)}-${pairingCode.slice(4)}`);
    break;
  }
  if (reason?.startsWith('pairing_')) throw new Error(action);
  await seconds(1);
}
