// Requests to wad. Each has a deadline, none has the token in its address, and all fail in one way: ApiError.

import { learnCoarsely } from './clock.js';

// wad answers within milliseconds; a phone's bad network may need some seconds.
const DEADLINE = 8000;
const TOO_MANY = 429;

/** A request that failed. `code` is wad's or one of ours, `said` is wad's sentence if it said one. */
export class ApiError extends Error {
  constructor(code, said = '') {
    super(code);
    this.code = code;
    this.said = said;
  }
}

async function send(path, options) {
  try {
    return await fetch(path, { ...options, cache: 'no-store', signal: AbortSignal.timeout(DEADLINE) });
  } catch (error) {
    throw new ApiError(error.name === 'TimeoutError' ? 'timeout' : 'unreachable');
  }
}

async function read(response) {
  let body;
  try {
    body = await response.json();
  } catch {
    // Not of wad's making: a proxy's own page, or an answer cut off.
    throw new ApiError(response.status === TOO_MANY ? 'too_many' : 'unreachable');
  }
  if (!response.ok) throw refusal(response.status, body);
  return body;
}

function refusal(status, { code, error }) {
  return status === TOO_MANY ? new ApiError('too_many') : new ApiError(code ?? 'other', error);
}

/** Make the requests; `token()` gives the token, or null. */
export function makeApi(token) {
  let etag = null;
  let etagOf = null;

  const headers = (more = {}) => (token() ? { Authorization: `Bearer ${token()}`, ...more } : more);

  const get = async (path) => read(await send(path, { headers: headers() }));

  // Text that no proxy's own page can pass for: it becomes a picture.
  const drawing = async () => {
    const response = await send('api/whatsapp/qr.svg', { headers: headers() });
    const told = response.headers.get('Content-Type') ?? '';
    if (!response.ok || !told.startsWith('image/svg')) throw new ApiError('unreachable');
    return response.text();
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
    phone: (name, args) => post(`sandbox/phone/${name}`, args),
    /** Forget what was given, so that the whole status is given next time. */
    anew: () => {
      etag = null;
    },
  };
}
