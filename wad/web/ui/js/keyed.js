// A list whose entries stay what they are while it changes: focus, a film that plays and a picture that was loaded
// are not lost because something was added.

/**
 * Keep `parent`'s children by key. `make(item)` gives {node, update, release}: an entry is made once, updated
 * with each change, and released, where it wants that, when it goes. Gives what draws [[key, item], …].
 */
export function keyed(parent, make) {
  let kept = new Map();

  return (items) => {
    const wanted = new Set(items.map(([key]) => key));
    for (const [key, entry] of kept) {
      if (wanted.has(key)) continue;
      entry.release?.();
      entry.node.remove();
    }
    const next = new Map();
    let place = parent.firstChild;
    for (const [key, item] of items) {
      const entry = next.get(key) ?? kept.get(key) ?? make(item);
      entry.update(item);
      next.set(key, entry);
      if (entry.node === place) place = place.nextSibling;
      else parent.insertBefore(entry.node, place);
    }
    kept = next;
  };
}
