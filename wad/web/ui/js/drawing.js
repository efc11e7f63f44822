// The code as a drawing, which stays sharp when it is enlarged or printed. It is asked for beside the picture that
// wad tells, which does as well where no drawing comes.

import { withDrawing } from './present.js';

/** Make the asking: once for each picture that is told. */
export function makeDrawing(store, api) {
  let asked = null;

  const ask = async (url) => {
    const text = await api.drawing().catch(() => null);
    const drawing = text && `data:image/svg+xml,${encodeURIComponent(text)}`;
    if (drawing) store.set((present) => withDrawing(present, url, drawing));
  };
  return ({ qr }) => {
    const url = qr?.url ?? null;
    if (url === asked) return;
    asked = url;
    if (url) ask(url);
  };
}
