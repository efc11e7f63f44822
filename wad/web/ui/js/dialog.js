// The question before something that cannot be taken back.

import { button, part, write } from './dom.js';
import { t } from './texts.js';

/** Make the question: `ask('reset')` gives true if the reader says yes. Esc means no. */
export function makeDialog() {
  const dialog = part('dialog');
  let answered = null;
  let asked = null;

  const close = (answer) => {
    answered?.(answer);
    answered = asked = null;
    dialog.close();
  };
  button('dialog-confirm').addEventListener('click', () => close(true));
  button('dialog-cancel').addEventListener('click', () => close(false));
  // An end may be told late, when the next question is asked already.
  dialog.addEventListener('close', () => dialog.open || answered?.(false));
  // Beside the dialog itself: there is only its backdrop.
  dialog.addEventListener('click', ({ target }) => target === dialog && close(false));

  const words = () => {
    if (!asked) return;
    write(part('dialog-title'), t(`${asked}_title`));
    write(part('dialog-text'), t(`${asked}_text`));
    write(part('dialog-confirm'), t(`${asked}_confirm`));
  };
  const ask = (name) => {
    asked = name;
    words();
    dialog.showModal();
    // The harmless answer is the one that Enter gives.
    button('dialog-cancel').focus();
    return new Promise((resolve) => {
      answered = resolve;
    });
  };
  return { ask, words };
}
