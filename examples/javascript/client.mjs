// What the examples share. It runs in Node (18 or later) and in browsers, and needs nothing but fetch.
const env = globalThis.process?.env ?? {};

export class WadError extends Error {
  constructor(answer) {
    super(answer.error);
    this.name = 'WadError';
    this.code = answer.code; // stable; the message is for people
  }
}

export class Wad {
  // The address may end with a path, as http://example.org/accounts/second does.
  constructor(address = env.WAD_URL || 'http://127.0.0.1:3002', token = env.WAD_TOKEN) {
    this.address = address.replace(/\/*$/, '/');
    this.token = token;
  }

  // Gives the response. Throws a WadError if wad refuses; 304 is no refusal.
  async request(path, { method = 'GET', headers = {}, body } = {}) {
    const authorization = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    const response = await fetch(new URL(path, this.address), {
      method,
      headers: { ...authorization, ...headers },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok && response.status !== 304) throw new WadError(await response.json());
    return response;
  }

  async get(path) {
    return (await this.request(path)).json();
  }

  async post(path, document = {}) {
    const headers = { 'Content-Type': 'application/json' };
    return (await this.request(path, { method: 'POST', headers, body: JSON.stringify(document) })).json();
  }
}

export const seconds = (count) => new Promise((resolve) => setTimeout(resolve, count * 1000));
