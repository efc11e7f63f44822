// wad's own words in English: its states, phases and reasons, and what it refuses. ru.js has the same keys; a
// test compares them. The words of the page itself are in en-page.js.

import { texts as messages } from './en-messages.js';
import { texts as page } from './en-page.js';

export { failures, messageStates } from './en-messages.js';

export const texts = { ...page, ...messages };

export const states = {
  idle: 'Not running',
  qr: 'Waiting for the phone',
  authenticated: 'Loading chats',
  ready: 'Linked',
  disconnected: 'Interrupted',
  blocked: 'Needs your help',
};

export const phases = {
  stopped: 'Not running',
  starting: 'Starting the browser',
  loading: 'Opening WhatsApp Web',
  connecting: 'Connecting to WhatsApp',
  renewing: 'Getting a new code',
  stopping: 'Closing the browser',
  resetting: 'Forgetting the session',
  logging_out: 'Logging out',
  waiting_for_scan: 'Showing the QR code',
  pairing: 'Asking WhatsApp for a code',
  waiting_for_entry: 'Showing the code to type',
  confirming: 'The phone has the code; waiting for WhatsApp',
  syncing: 'Loading the chats',
  linked: 'Linked and in step',
  reconnecting: 'Reconnecting to WhatsApp',
  recovering: 'Waiting before the next try',
  forgetting: 'Forgetting the ended session',
  restarting: 'Starting again',
  held_up: 'Waiting for help',
  reset_pending: 'Waiting to delete the session',
  probing: 'Looking whether it works now',
};

// Sentence and action are the server's own (wad/core/reasons.py). The status brings them along and what it brings
// goes first; the timeline, and a code beside its reason, know the slug alone.
export const reasons = {
  stopped: { sentence: 'stopped on request', action: 'Send start to link again.' },
  qr_expired: {
    sentence: 'the QR code was shown long enough without a scan',
    action: 'Send start for a new code.',
  },
  pairing_refused: {
    sentence: 'WhatsApp gave no pairing code for this number',
    action: 'Check the number and its country code, or scan the QR code instead.',
  },
  pairing_rate_limited: {
    sentence: 'WhatsApp gives no more pairing codes for now',
    action: 'Wait an hour before the next pairing code, or scan the QR code instead.',
  },
  pairing_not_allowed: {
    sentence: 'WhatsApp does not let this account link by a pairing code',
    action: 'Scan the QR code instead.',
  },
  pairing_failed: {
    sentence: 'linking by a pairing code failed on the way',
    action: 'Ask for another pairing code in a minute, or scan the QR code instead.',
  },
  browser_crashed: {
    sentence: 'the browser died',
    action: 'Nothing: wad starts it again. If it recurs, see the log.',
  },
  browser_hung: {
    sentence: 'the browser did not answer',
    action: 'Nothing: wad replaces it. If it recurs, check memory and load.',
  },
  page_crashed: { sentence: 'the page crashed in the browser', action: 'Nothing: wad opens it again.' },
  load_timeout: {
    sentence: 'WhatsApp Web did not load in time',
    action: 'Check that the connection is not very slow.',
  },
  code_timeout: {
    sentence: 'WhatsApp Web loaded but showed no code in time',
    action: 'Nothing: wad opens it again.',
  },
  network_unreachable: {
    sentence: "WhatsApp's servers cannot be reached",
    action: "Check this machine's network and name resolution.",
  },
  service_unavailable: {
    sentence: 'WhatsApp reports that its service is unavailable',
    action: 'Wait: wad tries again.',
  },
  logged_out: {
    sentence: 'the phone or WhatsApp ended the link',
    action: 'Scan the new code with the phone.',
  },
  history_sync_timeout: {
    sentence: 'the phone sent no history, so WhatsApp ended the link',
    action: 'Keep WhatsApp open on the phone and scan the new code.',
  },
  sync_failed: {
    sentence: "the account's data could not be synchronised, so WhatsApp ended the link",
    action: 'Scan the new code with the phone.',
  },
  identity_changed: {
    sentence: 'WhatsApp was set up anew on the phone, which ended the link',
    action: 'Scan the new code with the phone.',
  },
  account_locked: {
    sentence: 'WhatsApp has locked the account and ended the link',
    action: 'Read the notice on the phone; then scan the new code.',
  },
  replaced: {
    sentence: 'WhatsApp Web was opened elsewhere with this session',
    action: 'Nothing: wad takes the session back.',
  },
  ready_timeout: {
    sentence: 'linked, but the chats did not load in time',
    action: 'Open WhatsApp on the phone and check its network. The session is kept.',
  },
  too_many_open_files: {
    sentence: 'wad may open no further files',
    action: 'Nothing, once: wad tries again. If it recurs, raise LimitNOFILE= (systemctl edit wad).',
  },
  internal_error: { sentence: 'wad met an error of its own', action: 'Report it with the log around it.' },
  daemon_unavailable: {
    sentence: 'wad is not running or does not answer',
    action: 'Look at: systemctl status wad.',
  },
  browser_missing: {
    sentence: 'no Chromium was found',
    action: 'Install it (apt install chromium), then send start.',
  },
  sandbox_forbidden: {
    sentence: "the browser's own sandbox is forbidden here",
    action: 'Allow it (wadctl doctor says how; for a container docs/containers.md does), then send start.',
  },
  profile_locked: {
    sentence: "another process uses the browser's profile",
    action: 'End that process; wad looks again by itself.',
  },
  storage_full: {
    sentence: "the browser's profile cannot be written",
    action: "Free space, or mend the folder's permissions; wad looks again by itself.",
  },
  hosts_blocked: {
    sentence: 'something between this machine and WhatsApp blocks its hosts',
    action: 'Allow web.whatsapp.com, *.whatsapp.net and *.whatsapp.com in the firewall, proxy or filter.',
  },
  temporarily_banned: {
    sentence: 'WhatsApp has banned this account for some time',
    action: 'Read the notice on the phone.',
  },
  terms_of_service: {
    sentence: 'WhatsApp wants its terms of service accepted',
    action: 'Accept them on the phone.',
  },
  update_required: {
    sentence: 'WhatsApp wants a newer version of its page',
    action: 'Update Chromium and wad.',
  },
  unsupported_browser: {
    sentence: 'WhatsApp refuses this browser',
    action: 'Update Chromium; do not set a user agent.',
  },
  page_changed: { sentence: 'WhatsApp Web has changed in a way wad does not know', action: 'Update wad.' },
};

// Where the server says "send start", which is right for scripts, the page names its own button.
export const actions = {
  stopped: 'Press “Start” to link again. The session was kept.',
  qr_expired: 'Press “Show a new code” when the phone is at hand.',
  browser_missing: 'Install it (apt install chromium), then press “Try again now”.',
  sandbox_forbidden:
    'Allow it (wadctl doctor says how; for a container docs/containers.md does), then press “Try again now”.',
};

// What wad does by itself, by the kinds of wad/core/reasons.py.
export const retries = {
  never: 'wad waits for you.',
  at_once: 'wad is getting a new code by itself.',
  backoff: 'wad tries again by itself, with growing pauses.',
  when_free: 'wad looks every few seconds whether it works again.',
  at_its_end: 'wad tries again when that time has come.',
  slowly: 'wad looks every few minutes whether it works again.',
  now: 'wad is trying again right now.',
};

// What was refused, by the error's code. In English the server's own sentence comes first.
export const errors = {
  timeout: 'wad did not answer in time. Please try again.',
  unreachable: 'wad cannot be reached just now. Please try again in a moment.',
  too_many: 'Too many requests at once. Please wait a minute.',
  unauthorized: 'This needs the access token.',
  invalid_phone:
    'This is no phone number with its country code. It has 7 to 15 digits, as in +7\u00a0999\u00a0123\u201145\u201167.',
  already_linked: 'A phone is linked already. Log out first to link another one.',
  origin_refused: 'This page may not send commands: its address is not among allowed_origins.',
  not_accepted: 'wad cannot take this just now. Please try again in a moment.',
  internal_error: 'wad met an error of its own; its log says more.',
  insufficient_storage: "The disk of wad's machine is full: nothing was accepted.",
  invalid_message: 'wad does not take this message as it is.',
  store_busy: 'wad cannot take this just now. Please try again in a moment.',
  store_slow: "The disk of wad's machine does not answer. Please try again in a moment.",
  store_closed: 'wad is just ending. Please try again in a moment.',
  store_failed: 'wad cannot read or write its messages; its log says more.',
  body_too_large: 'That is larger than wad takes, or a proxy in front of it.',
  chat_not_found: 'WhatsApp Web does not know this chat, or that part of it.',
  not_ready: 'WhatsApp is not connected just now. Please try again when it is.',
  idempotency_conflict: 'Another message was accepted under the same key. Please send it again.',
  other: 'That did not work. Please try again.',
};
