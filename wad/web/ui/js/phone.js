// The sandbox's phone: buttons for what a phone, the network and WhatsApp's servers may do (docs/sandbox.md).

import { h, part, show, write } from './dom.js';
import { errorText, t } from './texts.js';

const GROUPS = {
  link: ['scan', 'enter_code', 'logout', 'refuse_pairing', 'allow_pairing'],
  code: ['next_ref', 'spend'],
  chats: ['stall_sync', 'resume_sync', 'fail_sync'],
  network: ['offline', 'online', 'block_hosts', 'unblock_hosts'],
  servers: ['ban', 'unban', 'service_unavailable', 'service_restored', 'terms', 'deprecated', 'conflict'],
  browser: ['replace', 'reload', 'crash', 'hang', 'recover'],
};

/** Make the view. Its parts: sandbox, phone, phone-answer; each button has data-phone. */
export function makePhone(store, api) {
  const answer = part('phone-answer');
  let busy = false;

  const press = async (name) => {
    if (busy) return;
    busy = true;
    write(answer, '');
    try {
      await api.phone(name, {});
      write(answer, t('phone_done', t(`phone_${name}`)));
    } catch (error) {
      write(answer, t('phone_refused', t(`phone_${name}`), errorText(error)));
    }
    busy = false;
  };
  const key = (name) => {
    const node = h('button', { type: 'button', class: 'button small', 'data-phone': name });
    node.dataset.text = `phone_${name}`;
    node.addEventListener('click', () => press(name));
    return node;
  };
  const group = ([name, names]) => {
    const id = `phone-${name}`;
    const title = h('h3', { id, 'data-text': `phone_group_${name}` });
    return h(
      'div',
      { role: 'group', 'aria-labelledby': id },
      title,
      h('div', { class: 'keys' }, ...names.map(key)),
    );
  };
  part('phone-groups').append(...Object.entries(GROUPS).map(group));
  // The banner leads here: arriving at a closed panel would be no arrival.
  document.querySelector('a[href="#phone"]').addEventListener('click', () => {
    part('phone').open = true;
  });

  return ({ status }) => {
    show(part('sandbox'), Boolean(status?.sandbox));
    show(part('phone'), Boolean(status?.sandbox && !status.authRequired));
    document.querySelector('[data-phone="enter_code"]').disabled = !status?.pairingCode;
    document.querySelector('[data-phone="scan"]').disabled = !status?.hasQr;
  };
}
