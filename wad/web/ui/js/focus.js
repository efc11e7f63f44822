// Where the keyboard's focus goes when what had it is hidden or disabled: never back to the page's beginning.

import { part } from './dom.js';

const nowhere = () => document.activeElement === null || document.activeElement === document.body;

/** Make the keeper: keep() before the page changes, mend() after it. */
export function makeFocus() {
  let had = null;

  const keep = () => {
    if (!nowhere()) had = document.activeElement;
  };
  const mend = () => {
    if (!had) return;
    if (had.closest('[hidden]')) {
      part('headline').focus({ preventScroll: true });
      had = null;
    } else if (nowhere() && !had.disabled) had.focus({ preventScroll: true });
  };
  // Whoever leaves by himself is not fetched back.
  addEventListener('pointerdown', () => {
    had = null;
  });
  return { keep, mend };
}
