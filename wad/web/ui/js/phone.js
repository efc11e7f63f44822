// The sandbox's phone: buttons for what a phone, the network and WhatsApp's servers may do (docs/sandbox.md).
// A fault that lasts is a switch, which shows what the phone itself says, whoever has thrown it.

import { attribute, h, part, show, write } from './dom.js';
import { errorText, t } from './texts.js';

const GROUPS = {
  link: ['scan', 'enter_code', 'logout', 'refuse_pairing'],
  code: ['next_ref', 'spend'],
  chats: ['stall_sync', 'fail_sync'],
  network: ['offline', 'block_hosts'],
  servers: ['ban', 'service_unavailable', 'terms', 'deprecated', 'conflict'],
  browser: ['replace', 'reload', 'crash', 'hang', 'recover'],
};
// What takes a fault back, and how the phone's conditions (wad/sandbox/conditions.py) tell of it.
const SWITCHES = {
  refuse_pairing: ['allow_pairing', (now) => now.pairing_failure !== null],
  stall_sync: ['resume_sync', (now) => now.sync === 'stalled'],
  fail_sync: ['resume_sync', (now) => now.sync === 'no_history'],
  offline: ['online', (now) => now.offline],
  block_hosts: ['unblock_hosts', (now) => now.hosts_blocked !== null],
  ban: ['unban', (now) => now.banned_seconds !== null],
  service_unavailable: ['service_restored', (now) => now.unavailable],
};

const keyOf = (name) => document.querySelector(`[data-phone="${name}"]`);
const isOn = (name) => keyOf(name).getAttribute('aria-checked') === 'true';

function plain(name) {
  return h('button', { type: 'button', class: 'button small', 'data-phone': name, 'data-text': `phone_${name}` });
}

function toggle(name) {
  const parts = [h('span', { class: 'track' }), h('span', { 'data-text': `phone_${name}` })];
  const role = { role: 'switch', 'aria-checked': 'false' };
  return h('button', { type: 'button', class: 'switch', ...role, 'data-phone': name }, ...parts);
}

function group([name, names], press) {
  const id = `phone-${name}`;
  const keys = names.map((each) => (each in SWITCHES ? toggle(each) : plain(each)));
  for (const key of keys) key.addEventListener('click', () => press(key.dataset.phone));
  const title = h('h3', { id, 'data-text': `phone_group_${name}` });
  return h('div', { role: 'group', 'aria-labelledby': id }, title, h('div', { class: 'keys' }, ...keys));
}

/** Make the view. Its parts: phone, phone-groups, phone-answer; each button has data-phone. */
export function makePhone(api) {
  const panel = part('phone');
  const answer = part('phone-answer');
  let busy = false;
  let asked = null;

  const look = async () => {
    const told = await api.phone('state', {}).catch(() => null);
    if (!told) return;
    for (const [name, [, holds]] of Object.entries(SWITCHES)) {
      attribute(keyOf(name), 'aria-checked', String(holds(told.conditions)));
    }
  };
  const send = async (name) => {
    if (!(name in SWITCHES)) return t('phone_done', await sent(name, name));
    const [off] = SWITCHES[name];
    return isOn(name) ? t('phone_off', await sent(off, name)) : t('phone_on', await sent(name, name));
  };
  const sent = async (command, name) => {
    await api.phone(command, {});
    return t(`phone_${name}`);
  };
  const press = async (name) => {
    if (busy) return;
    busy = true;
    write(answer, '');
    const said = await send(name).catch((error) => t('phone_refused', t(`phone_${name}`), errorText(error)));
    await look();
    write(answer, said);
    busy = false;
  };
  part('phone-groups').append(...Object.entries(GROUPS).map((each) => group(each, press)));
  panel.addEventListener('toggle', () => panel.open && look());

  return ({ status, instance }) => {
    const there = Boolean(status?.sandbox && !status.authRequired);
    show(panel, there);
    keyOf('enter_code').disabled = !status?.pairingCode;
    keyOf('scan').disabled = !status?.hasQr;
    // A sandbox that was started anew has no fault.
    if (there && panel.open && instance !== asked) look();
    asked = instance;
  };
}
