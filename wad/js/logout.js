// Tells WhatsApp that this device leaves. Resolves when the page has heard of it, or never: bound it.
async (moduleOf) => {
  'use strict';
  const socket = moduleOf('WAWebSocketModel')?.Socket;
  if (!socket) throw new Error('the page is not loaded');
  await socket.logout();
  return true;
}
