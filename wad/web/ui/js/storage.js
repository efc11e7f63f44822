// The browser's two stores, which may be missing or refuse (private windows, policies): then nothing is kept.

function guarded(name) {
  const attempt = (work) => {
    try {
      return work(globalThis[name]);
    } catch {
      return null;
    }
  };
  return {
    get: (key) => attempt((store) => store.getItem(key)),
    set: (key, value) => attempt((store) => store.setItem(key, value)),
    remove: (key) => attempt((store) => store.removeItem(key)),
  };
}

/** Kept until the tab is closed. */
export const session = guarded('sessionStorage');
/** Kept for good. */
export const local = guarded('localStorage');
