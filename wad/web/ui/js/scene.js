// Which picture people see, and which buttons: rules without a DOM.
//
// A scene is a node of the page, as a phase is one of wad's machine:
//   connecting  nothing is known yet            away     nobody answers: what was known may be over
//   working     wad is busy with something      code     a QR code, or the place where the next one comes
//   entry       a code to type on the phone     form     a phone number is asked for
//   locked      a code that needs the token     progress the chats are loading
//   account     linked                          idle     not running
//   trouble     interrupted or blocked, and why

import { isLive } from './countdown.js';
import { isStandIn } from './present.js';

// Where a phone number may be given.
const FORM_PHASES = ['stopped', 'starting', 'loading', 'connecting', 'renewing', 'waiting_for_scan'];
const BY_STATE = { ready: 'account', authenticated: 'progress', disconnected: 'trouble', blocked: 'trouble' };

// Of these something is worth keeping when nobody answers: who was linked, and a number half typed.
const STAYING = ['account', 'form'];

/** Tell whether nobody answers, not even a proxy in wad's place, which says more. */
export const isAway = ({ status, link }) => link === 'away' && !isStandIn(status);

/** Give the scene's name; `now` is the server's time in ms. */
export function sceneOf(present, now) {
  const scene = present.status ? toldScene(present, now) : 'connecting';
  return isAway(present) && !STAYING.includes(scene) ? 'away' : scene;
}

function toldScene({ status, form }, now) {
  if (status.success === false) return 'trouble';
  const plain = BY_STATE[status.state];
  if (plain) return plain;
  if (form && FORM_PHASES.includes(status.phase) && !status.authRequired) return 'form';
  return status.state === 'qr' ? codeScene(status, now) : idleScene(status);
}

function codeScene(status, now) {
  if (status.authRequired) return 'locked';
  if (status.phase === 'confirming') return 'working';
  if (status.phase !== 'waiting_for_entry') return 'code';
  return status.pairingCode && isLive(status.pairingCodeExpiresAt, now) ? 'entry' : 'working';
}

function idleScene({ phase, authRequired }) {
  if (phase === 'stopped') return 'idle';
  return phase === 'renewing' && !authRequired ? 'code' : 'working';
}

/** Tell whether the picture may be shown at `now`. */
export const showsPicture = ({ qr, status }, now) =>
  Boolean(status?.hasQr && qr && isLive(qr.expiresAt, now));

const COMMANDS = {
  stopped: ['start', 'reset'],
  starting: ['stop', 'reset'],
  loading: ['stop', 'reset'],
  connecting: ['stop', 'reset'],
  renewing: ['stop'],
  stopping: ['start'],
  resetting: ['stop'],
  logging_out: ['stop'],
  waiting_for_scan: ['stop'],
  pairing: ['stop', 'cancel'],
  waiting_for_entry: ['stop', 'cancel'],
  confirming: ['stop', 'reset'],
  syncing: ['stop', 'reset'],
  linked: ['stop', 'reset', 'logout'],
  reconnecting: ['stop', 'reset', 'logout'],
  recovering: ['start', 'stop', 'reset'],
  forgetting: ['stop'],
  restarting: ['stop', 'reset'],
  held_up: ['start', 'stop', 'reset'],
  reset_pending: ['start', 'stop'],
  probing: ['stop', 'reset'],
};

/** Give the commands that make sense now; none without the token, or when nobody would hear them. */
export function commandsOf({ status }) {
  if (!status || status.authRequired || isStandIn(status)) return [];
  return COMMANDS[status.phase] ?? ['start', 'stop', 'reset'];
}

/** Tell whether "link with phone number" may be offered. */
export const offersForm = ({ status }) =>
  Boolean(status && !status.authRequired && !isStandIn(status) && FORM_PHASES.includes(status.phase));
