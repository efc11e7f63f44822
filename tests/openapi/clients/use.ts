// Uses the types that openapi-typescript made, by its own small client: addresses, bodies and answers are checked
// by the compiler.
import createClient from 'openapi-fetch';
import type { components, paths } from './wad';

// Node's own, of which only this is needed.
declare const process: { argv: string[]; env: Record<string, string | undefined> };

const address = process.argv[2] ?? '';
const secret = process.env['TOKEN'] ?? '';

const client = (token: string) =>
  createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

const refused = (error: components['schemas']['Error'] | undefined): string => {
  if (error === undefined) throw new Error('it was not refused');
  return error.code;
};

async function stranger() {
  const wad = client('none-that-is-right');
  const { data: status } = await wad.GET('/api/whatsapp/status');
  const { error } = await wad.POST('/api/whatsapp/pair/cancel');
  return { code: status?.qrCode, withheld: status?.authRequired, refused: refused(error) };
}

async function owner() {
  const wad = client(secret);
  const { data: status } = await wad.GET('/api/whatsapp/status');
  const { data: health } = await wad.GET('/health');
  const { error } = await wad.POST('/api/whatsapp/pair', { body: { phone: '8 999 123-45-67' } });
  const { data: taken } = await wad.POST('/api/whatsapp/pair/cancel');
  const state: components['schemas']['State'] | undefined = status?.currentState;
  return {
    state,
    ready: health?.whatsapp.ready,
    refused: refused(error),
    waits: taken?.currentState === 'qr',
    ...(await code()),
    ...(await phone()),
    ...(await messages()),
  };
}

async function code() {
  const wad = client(secret);
  const { data: picture } = await wad.GET('/api/whatsapp/qr.png', { parseAs: 'arrayBuffer' });
  const { data: drawing } = await wad.GET('/api/whatsapp/qr.txt', { parseAs: 'text' });
  const head = picture === undefined ? '' : new TextDecoder('latin1').decode(picture.slice(1, 4));
  return { picture: head, lines: (drawing ?? '').split('\n').length > 9 };
}

async function phone() {
  const wad = client(secret);
  const press = (button: string) =>
    wad.POST('/sandbox/phone/{button}', { params: { path: { button } }, body: {} });
  const { data } = await press('stall_sync');
  const { error } = await press('dance');
  return { pressed: data?.success, unknown: refused(error) };
}

async function messages() {
  const wad = client(secret);
  const { error } = await wad.POST('/api/whatsapp/messages', {
    params: { header: { 'Idempotency-Key': 'first' } },
    body: { to: '+1 555 123-45-67', text: 'Hello' },
  });
  const { data: limits } = await wad.GET('/api/whatsapp/limits');
  const { data: page } = await wad.GET('/api/whatsapp/events', {
    params: { query: { after: 0, types: ['state'], limit: 1, wait: 20 } },
    querySerializer: { array: { style: 'form', explode: false } },
  });
  const event = page?.events[0];
  // By its type the compiler knows what it tells.
  const happened = event?.type === 'state' && event.data.from !== undefined ? event.type : undefined;
  return { unsent: refused(error), left: (limits?.newChats.left ?? 0) > 0, happened };
}

console.log(JSON.stringify({ stranger: await stranger(), owner: await owner() }));
