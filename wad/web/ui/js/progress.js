// The chats are loading: how much of them is here, as far as WhatsApp says.

import { attribute, part, write } from './dom.js';
import { t } from './texts.js';

/** Make the view. Its parts: progress, progress-value. */
export function makeProgress() {
  const bar = part('progress');
  return ({ status }, scene) => {
    const known = scene === 'progress' ? (status.progress ?? null) : null;
    // Without a value a progress element says by itself that it does not know.
    attribute(bar, 'value', known);
    write(part('progress-value'), known === null ? '' : t('progress_value', known));
  };
}
