// Commands on their way: one at a time, and what went wrong with it.

import { ApiError } from './api.js';

/** Make the commands. Each is answered with whether it was taken; what comes of it is told by the status. */
export function makeCommands(store, api, live) {
  const attempt = async (name, place, work) => {
    if (store.get().busy) return false;
    store.set({ busy: name, error: null });
    try {
      await work();
      store.set({ busy: null });
      return true;
    } catch (error) {
      store.set({
        busy: null,
        error: { place, error: known(error) },
        refused: error.code === 'unauthorized',
      });
      return false;
    } finally {
      // Where Socket.IO does not tell what comes of it, or nobody answered.
      if (store.get().link !== 'live' || store.get().error) live.check();
    }
  };
  return {
    run: (name) => attempt(name, 'controls', () => (name === 'cancel' ? api.cancel() : api.command(name))),
    pair: (phone) => attempt('pair', 'form', () => api.pair(phone)),
  };
}

/** Pass what api.js said; anything else is a mistake of this page, and is reported as one. */
function known(error) {
  if (error instanceof ApiError) return error;
  reportError(error);
  return new ApiError('other');
}
