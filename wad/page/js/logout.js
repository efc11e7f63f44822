// Tells WhatsApp that this device leaves. Resolves when the page has heard of it, or never: bound it.
// A page that is not linked has nobody to tell, and waits for the answer in vain.
async (moduleOf) => {
  'use strict';
  const socket = moduleOf('WAWebSocketModel')?.Socket;
  if (!socket) throw new Error('the page is not loaded');
  if (moduleOf('WAWebUserPrefsMultiDevice')?.isRegistered() === false) return 'not linked';
  await socket.logout();
  return 'told';
}
