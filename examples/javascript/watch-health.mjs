// Tells how everything is whenever that changes, until it is ended: node watch-health.mjs [SECONDS].
import { seconds, Wad } from './client.mjs';

const wad = new Wad();
let before;
for (;;) {
  const { status, whatsapp } = await wad.get('health');
  const now = `${status} ${whatsapp.status}`;
  if (now !== before) console.log(now);
  before = now;
  await seconds(Number(process.argv[2] ?? 5));
}
