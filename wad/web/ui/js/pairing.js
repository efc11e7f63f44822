// Linking by phone number: the form for the number, then the code to type on the phone.

import { copy } from './clipboard.js';
import { countdown } from './countdown.js';
import { attribute, button, part, show, write } from './dom.js';
import { clockTime, groupedCode } from './format.js';
import { errorText, t } from './texts.js';

// Should the status never tell that the number was taken.
const PATIENCE = 15000;
const SAID_FOR = 2000;

/** Make the form. `commands` sends; its parts: form, phone-error. */
export function makeForm(store, commands) {
  const form = part('form');
  const input = form.querySelector('input');

  const close = () => store.set({ form: null, error: null });
  const giveUp = () => {
    if (store.get().form === 'sent') close();
  };
  const submit = async (event) => {
    event.preventDefault();
    // Checked by wad alone, which knows best what a number is.
    if (await commands.pair(input.value)) {
      store.set({ form: 'sent' });
      setTimeout(giveUp, PATIENCE);
    } else input.focus();
  };
  form.addEventListener('submit', submit);
  button('close-form').addEventListener('click', close);
  button('open-form').addEventListener('click', () => {
    store.set({ form: 'open', error: null });
    input.focus();
  });

  return ({ busy, error, form: stage, link }) => {
    const asking = busy === 'pair' || stage === 'sent';
    const wrong = error?.place === 'form' ? errorText(error.error) : '';
    write(part('phone-error'), wrong);
    attribute(input, 'aria-invalid', wrong ? 'true' : null);
    input.readOnly = asking;
    button('pair').disabled = asking || link === 'away';
    write(part('pair-text'), t(asking ? 'getting_code' : 'get_code'));
  };
}

/**
 * Make the view of the code; `over` is called when its time has ended.
 * Its parts: pairing-code, entry-left.
 */
export function makeEntry(store, over) {
  const code = part('pairing-code');
  const ring = part('entry-left').querySelector('.ring-left');
  const said = part('copy-text');
  let saying = null;

  const left = countdown((seconds, share) => {
    write(part('entry-left-text'), t('entry_left', clockTime(seconds)));
    attribute(ring, 'stroke-dasharray', `${Math.round(share * 100)} 100`);
  }, over);

  const say = (key) => {
    clearTimeout(saying);
    said.dataset.text = key;
    write(said, t(key));
    if (key !== 'copy') saying = setTimeout(say, SAID_FOR, 'copy');
  };
  button('copy').addEventListener('click', async () => {
    // Without the dash, which is only drawn.
    const copied = await copy(store.get().status.pairingCode ?? '', code);
    say(copied ? 'copied' : 'copy_failed');
  });

  return ({ status }, scene) => {
    const visible = scene === 'entry';
    write(code, visible ? groupedCode(status.pairingCode) : '');
    left.until(visible ? status.pairingCodeExpiresAt : null);
    left.again();
    show(part('entry-left'), visible);
  };
}
