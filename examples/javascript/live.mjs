// Waits until the link is ready, and is told of every change by Socket.IO instead of asking. Needs: npm install
import { io } from 'socket.io-client';

import { Wad } from './client.mjs';

const { address, token } = new Wad();
const url = new URL('socket.io/', address);
const socket = io(url.origin, { path: url.pathname, auth: { token } });

socket.on('wa:state', ({ state, reason }) => {
  console.log(state === 'ready' ? 'linked' : `${state} ${reason ?? ''}`.trim());
  if (state === 'ready') socket.disconnect();
});
socket.on('wa:qr', (picture) => console.log(`show ${picture.slice(0, 22)}`)); // in a page: image.src = picture
socket.on('wa:pairing-code', ({ code }) => console.log(`type ${code.slice(0, 4)}-${code.slice(4)}`));
socket.on('connect_error', (error) => {
  console.error(error.message);
  // Whoever was refused need not come again; a daemon that is away comes back, and the socket with it.
  if (!socket.active) process.exitCode = 1;
});
