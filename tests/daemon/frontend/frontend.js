// A frontend as it was written for the old server: from its notes alone, on an origin of its own.
// The API's address comes in the fragment. Whatever happens is kept in `seen`, for the test to read.
'use strict';

const api = decodeURIComponent(location.hash.slice(1));
const seen = { health: [], status: [], start: [], events: [], errors: [] };
window.seen = seen;

const ask = async (list, path, options = {}) => {
  try {
    const response = await fetch(api + path, { credentials: 'include', ...options });
    list.push({ http: response.status, ...(await response.json()) });
  } catch (error) {
    seen.errors.push(`${path}: ${error.message}`);
  }
};

const show = (qrCode) => {
  document.querySelector('#qr').src = qrCode;
};

const refresh = async () => {
  await ask(seen.health, '/health');
  await ask(seen.status, '/whatsapp/status');
  const latest = seen.status.at(-1);
  if (!latest) return;
  document.querySelector('#state').textContent = latest.currentState;
  if (latest.qrCode) show(latest.qrCode);
};

const socket = io(api, { withCredentials: true, reconnectionDelay: 100, reconnectionDelayMax: 500 });
for (const name of [
  'connect',
  'connect_error',
  'disconnect',
  'qr',
  'ready',
  'account-connected',
  'disconnected',
  'account-disconnected',
  'auth_failure',
  'account-reset',
  'connection-state',
  'wa:qr',
  'wa:state',
]) {
  socket.on(name, (payload) => {
    const plain = payload instanceof Error ? payload.message : payload;
    seen.events.push({ name, payload: plain === undefined ? null : plain });
    if (name === 'qr') show(payload);
  });
}

window.start = () =>
  ask(seen.start, '/api/whatsapp/start', { method: 'POST', headers: { 'Content-Type': 'application/json' } });
window.refresh = refresh;
refresh();
setInterval(refresh, 500);
