// The present, kept in one place, and those who are told when it changes.

/** Make a store of `present`. What is in it is never changed, but replaced. */
export function makeStore(present) {
  const watchers = new Set();

  /** Take keys to replace, or a function from the present to the next one. */
  const set = (change) => {
    const next = typeof change === 'function' ? change(present) : { ...present, ...change };
    if (next === present) return;
    present = next;
    tell();
  };
  /** Let everybody look again, as after a code's end or a change of language. */
  const tell = () => {
    for (const watch of watchers) watch(present);
  };
  const subscribe = (watch) => {
    watchers.add(watch);
    return () => watchers.delete(watch);
  };
  return { get: () => present, set, tell, subscribe };
}
