// Gives a command: node command.mjs start|stop|reset|logout. The status tells what comes of it.
import { Wad } from './client.mjs';

const name = process.argv[2];
if (!['start', 'stop', 'reset', 'logout'].includes(name)) {
  console.error('usage: node command.mjs start|stop|reset|logout');
  process.exit(2);
}
console.log((await new Wad().post(`api/whatsapp/${name}`)).message);
