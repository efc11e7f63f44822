// Requests to wad. Each has a deadline, none has the token in its address, and all fail in one way: ApiError.

import { learnCoarsely } from './clock.js';

// wad answers within milliseconds; a phone's bad network may need some seconds.
const DEADLINE = 8000;
// WhatsApp Web asks the phone for what it lacks.
const PHONE_DEADLINE = 30000;
// As long as wad gives a file to come.
const FILE_DEADLINE = 600000;
const TOO_MANY = 429;
// What a proxy in front refuses by itself.
const PROXY_CODES = { 413: 'body_too_large', 429: 'too_many' };
// As many as a glance takes in; the others are asked for.
const CHATS = 20;
const CHAT_MESSAGES = 30;

/**
 * A request that failed. `code` is wad's or one of ours, `said` is wad's sentence if it said one, `againIn`
 * after how many seconds to try again, where that is known.
 */
export class ApiError extends Error {
  constructor(code, said = '', againIn = null) {
    super(code);
    this.code = code;
    this.said = said;
    this.againIn = againIn;
  }
}

const failed = (error) => new ApiError(error.name === 'TimeoutError' ? 'timeout' : 'unreachable');

async function send(path, options, deadline = DEADLINE) {
  try {
    return await fetch(path, { signal: AbortSignal.timeout(deadline), ...options, cache: 'no-store' });
  } catch (error) {
    throw failed(error);
  }
}

async function read(response) {
  let body;
  try {
    body = await response.json();
  } catch {
    // Not of wad's making: a proxy's own page, or an answer cut off.
    throw new ApiError(PROXY_CODES[response.status] ?? 'unreachable');
  }
  if (!response.ok) throw refusal(response, body);
  return body;
}

function refusal({ status, headers }, { code, error }) {
  // A proxy's word for too many requests; wad's own are about messages, and each says which limit it is.
  if (status === TOO_MANY && (!code || code === 'rate_limited')) return new ApiError('too_many');
  return new ApiError(code ?? 'other', error, Number(headers.get('Retry-After')) || null);
}

/** Make the requests; `token()` gives the token, or null. */
export function makeApi(token) {
  let etag = null;
  let etagOf = null;

  const headers = (more = {}) => (token() ? { Authorization: `Bearer ${token()}`, ...more } : more);

  const get = async (path, deadline) => read(await send(path, { headers: headers() }, deadline));

  /** Give the last events of some types, from among the last `count` of all. */
  const recentEvents = async (count, types) => {
    // Behind the last one there is none, but its number is told.
    const { newest } = await get(`api/whatsapp/events?after=${Number.MAX_SAFE_INTEGER}&limit=1`);
    const after = Math.max(0, newest - count);
    // With room for those that come meanwhile: what an answer has no room for lies below its newest number, too.
    return get(`api/whatsapp/events?after=${after}&limit=1000&types=${types.join()}`);
  };

  // Text that no proxy's own page can pass for: it becomes a picture.
  const drawing = async () => {
    const response = await send('api/whatsapp/qr.svg', { headers: headers() });
    const told = response.headers.get('Content-Type') ?? '';
    if (!response.ok || !told.startsWith('image/svg')) throw new ApiError('unreachable');
    return response.text();
  };

  /** Give a file, a Blob; `signal` ends it. */
  const file = async (path, signal) => {
    const response = await send(path, { headers: headers(), signal });
    if (!response.ok) await read(response);
    return response.blob().catch((error) => {
      throw failed(error);
    });
  };

  const part = (path, limit, name, cursor) =>
    get(`${path}?limit=${limit}${cursor ? `&${name}=${encodeURIComponent(cursor)}` : ''}`, PHONE_DEADLINE);
  const chatPath = (id, what) => `api/whatsapp/chats/${encodeURIComponent(id)}/${what}`;

  /** Send a message with a file: the browser itself says where in the body what begins. */
  const sendFile = async (message, content) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(message)) body.append(name, value);
    body.append('file', content, content.name);
    return read(await send('api/whatsapp/messages', { method: 'POST', headers: headers(), body }, FILE_DEADLINE));
  };

  const post = async (path, body) => {
    const json = { 'Content-Type': 'application/json' };
    const options = { method: 'POST', headers: headers(json), body: JSON.stringify(body ?? {}) };
    return read(await send(path, options));
  };

  /** Give the status document, or null if it has not changed since it was last given. */
  const status = async () => {
    const asked = token();
    const known = etag && etagOf === asked ? { 'If-None-Match': etag } : {};
    const response = await send('api/whatsapp/status', { headers: headers(known) });
    learnCoarsely(response.headers.get('Date'));
    if (response.status === 304) return null;
    const document = await read(response);
    [etag, etagOf] = [response.headers.get('ETag'), asked];
    return document;
  };

  return {
    status,
    history: () => get('api/whatsapp/history'),
    health: () => get('health'),
    drawing,
    command: (name) => post(`api/whatsapp/${name}`),
    pair: (phone) => post('api/whatsapp/pair', { phone }),
    cancel: () => post('api/whatsapp/pair/cancel'),
    outbox: () => get('api/whatsapp/outbox'),
    recentEvents,
    /** Give events behind a number; wad answers when there is one, after `wait` seconds at the latest. */
    eventsAfter: (after, wait) => get(`api/whatsapp/events?after=${after}&wait=${wait}`, DEADLINE + wait * 1000),
    message: (ref) => get(`api/whatsapp/messages/${ref}`),
    chats: (after) => part('api/whatsapp/chats', CHATS, 'after', after),
    chatMessages: (id, before) => part(chatPath(id, 'messages'), CHAT_MESSAGES, 'before', before),
    seen: (id) => post(chatPath(id, 'seen')),
    media: (sha256, signal) => file(`api/whatsapp/media/${sha256}`, signal),
    sendFile,
    sendMessage: (message) => post('api/whatsapp/messages', message),
    phone: (name, args) => post(`sandbox/phone/${name}`, args),
    /** Forget what was given, so that the whole status is given next time. */
    anew: () => {
      etag = null;
    },
  };
}
