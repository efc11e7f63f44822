// Copying. The clipboard proper is there on HTTPS and on this machine's own pages only.

/** Copy `text`; true if that went. Else `node`, which shows it, is selected, to be copied by hand. */
export async function copy(text, node) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return false;
  }
}
