// The access token: asked for where wad wants one, kept until the tab is closed, and in no address ever.

import { attribute, button, part, show, write } from './dom.js';
import { session } from './storage.js';
import { errorText, t } from './texts.js';

const KEPT = 'wad.token';
let given = session.get(KEPT);

/** Give the token, or null. */
export const token = () => given;

function keep(value) {
  given = value;
  if (value) session.set(KEPT, value);
  else session.remove(KEPT);
}

const sayWhy = (why) => (typeof why === 'string' ? t(why) : why ? errorText(why) : '');

/** Make the form. Its parts: token, token-error; its buttons: unlock, forget-token. */
export function makeToken(store, api, live) {
  const form = part('token');
  const input = form.querySelector('input');
  let wrong = null;

  const refuse = (key) => {
    wrong = key;
    store.tell();
    input.focus();
  };
  const unlock = async (event) => {
    event.preventDefault();
    if (!input.value.trim()) return refuse('token_missing');
    button('unlock').disabled = true;
    await attempt(input.value.trim());
    button('unlock').disabled = false;
  };
  const attempt = async (value) => {
    keep(value);
    api.anew();
    try {
      // A status is given to everybody, and says by itself whether the token was right.
      const { authRequired } = await api.status();
      if (authRequired) return deny('token_wrong');
      wrong = null;
      input.value = '';
      store.set({ refused: false, error: null });
      live.again();
    } catch (error) {
      deny(error);
    }
  };
  const deny = (why) => {
    keep(null);
    refuse(why);
  };
  const forget = () => {
    keep(null);
    live.again();
  };
  form.addEventListener('submit', unlock);
  button('forget-token').addEventListener('click', forget);

  return ({ status, refused }) => {
    show(form, Boolean(status?.authRequired || refused));
    show(button('forget-token'), given !== null);
    // A kept one may have been replaced in the meantime.
    const why = wrong ?? (given && status?.authRequired ? 'token_wrong' : null);
    write(part('token-error'), sayWhy(why));
    attribute(input, 'aria-invalid', why ? 'true' : null);
  };
}
