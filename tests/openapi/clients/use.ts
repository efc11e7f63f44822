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

console.log(JSON.stringify({ stranger: await stranger(), owner: await owner() }));
