// Lists the last changes of the link, the oldest first.
import { Wad } from './client.mjs';

const { transitions } = await new Wad().get('whatsapp/history');
for (const { at, from, to, phase } of transitions) console.log(`${at} ${from} -> ${to} (${phase})`);
