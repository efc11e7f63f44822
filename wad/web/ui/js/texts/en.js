// The page's words in English. ru.js has the same keys; a test compares them.
// `*like this*` is a name as the phone shows it, drawn in bold (rich() in dom.js).

import { pluralizer } from '../plural.js';

const count = pluralizer('en');
const seconds = (n) => count(n, { one: 'second', other: 'seconds' });
const minutes = (n) => count(n, { one: 'minute', other: 'minutes' });

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

// Sentence and action are the server's own (wad/reasons.py). The status brings them along and what it brings
// goes first; the timeline, and a code beside its reason, know the slug alone.
export const reasons = {
  stopped: { sentence: 'stopped on request', action: 'Send start to link again.' },
  qr_expired: {
    sentence: 'the QR code was shown long enough without a scan',
    action: 'Send start for a new code.',
  },
  pairing_refused: {
    sentence: 'WhatsApp gave no pairing code for this number',
    action: 'Check the number and its country code, wait some minutes, or scan the QR code instead.',
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
  logged_out: { sentence: 'the phone or WhatsApp ended the link', action: 'Scan the new code with the phone.' },
  history_sync_timeout: {
    sentence: 'the phone sent no history, so WhatsApp ended the link',
    action: 'Keep WhatsApp open on the phone and scan the new code.',
  },
  replaced: {
    sentence: 'WhatsApp Web was opened elsewhere with this session',
    action: 'Nothing: wad takes the session back.',
  },
  ready_timeout: {
    sentence: 'linked, but the chats did not load in time',
    action: 'Open WhatsApp on the phone and check its network. The session is kept.',
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
  profile_locked: {
    sentence: "another process uses the browser's profile",
    action: 'End that process; wad looks again by itself.',
  },
  storage_full: {
    sentence: "the browser's profile cannot be written",
    action: "Free space, or mend the folder's permissions.",
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
  update_required: { sentence: 'WhatsApp wants a newer version of its page', action: 'Update Chromium and wad.' },
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
};

// What wad does by itself, by the kinds of wad/reasons.py.
export const retries = {
  never: 'wad waits for you.',
  at_once: 'wad is getting a new code by itself.',
  backoff: 'wad tries again by itself, with growing pauses.',
  slowly: 'wad looks every few minutes whether it works again.',
  now: 'wad is trying again right now.',
};

// What was refused, by the error's code. In English the server's own sentence comes first.
export const errors = {
  timeout: 'wad did not answer in time. Please try again.',
  unreachable: 'wad cannot be reached just now. Please try again in a moment.',
  too_many: 'Too many requests at once. Please wait a minute.',
  unauthorized: 'This needs the access token.',
  invalid_phone: 'This is no phone number with its country code. It has 7 to 15 digits, as in +7\u00a0999\u00a0123\u201145\u201167.',
  already_linked: 'A phone is linked already. Log out first to link another one.',
  origin_refused: 'This page may not send commands: its address is not among allowed_origins.',
  not_accepted: 'wad cannot take this just now. Please try again in a moment.',
  internal_error: 'wad met an error of its own; its log says more.',
  other: 'That did not work. Please try again.',
};

export const texts = {
  skip: 'Skip to the content',
  language: 'Language',

  link_connecting: 'Connecting',
  link_live: 'Live',
  link_polling: 'Polling',
  link_away: 'No answer',
  link_hint: 'Connection to wad',

  away: 'wad does not answer; trying again…',
  away_last: 'Below is what was last known.',
  look_for_wad: 'Looking for wad',
  away_headline: 'wad does not answer',
  away_lead: 'The page keeps trying and comes back by itself. Is the daemon running, and this device online?',
  at_work: 'One moment',
  last_known: (state) => `Last known: ${state}`,

  code_headline: 'Scan the code with your phone',
  code_alt: 'QR code to scan with WhatsApp on the phone',
  code_renewing: 'Getting a new code…',
  code_away: 'The code is no longer valid. A new one comes when wad answers again.',
  code_left: (n) => `New code in ${n} ${seconds(n)}`,
  scan_steps: 'How to scan',
  scan_1: 'Open *WhatsApp* on your phone',
  scan_2: 'Tap *Menu* on Android or *Settings* on iPhone, then *Linked devices*',
  scan_3: 'Tap *Link a device*',
  scan_4: 'Point the camera at this code',
  by_phone: 'Link with phone number instead',
  to_code: 'Back to QR code',

  form_headline: 'Link with phone number',
  form_lead: 'WhatsApp gives you a code to type on the phone. No camera is needed.',
  phone_label: 'Phone number of the WhatsApp account',
  phone_hint: 'With country code, for example +7\u00a0999\u00a0123\u201145\u201167',
  get_code: 'Get a code',
  getting_code: 'Asking…',

  entry_headline: 'Enter this code on your phone',
  entry_label: 'Pairing code',
  entry_left: (m, s) =>
    m ? `Valid for ${m} ${minutes(m)}${s ? ` ${s} ${seconds(s)}` : ''} more` : `Valid for ${s} ${seconds(s)} more`,
  entry_steps: 'How to enter the code',
  entry_1: 'Open *WhatsApp* on your phone',
  entry_2: 'Tap *Menu* on Android or *Settings* on iPhone, then *Linked devices*',
  entry_3: 'Tap *Link a device*, then *Link with phone number instead*',
  entry_4: 'Enter this code',
  copy: 'Copy',
  copied: 'Copied',
  copy_failed: 'Select it and copy it by hand',

  working_lead: 'This usually takes less than a minute.',
  scanned_headline: 'Scanned, loading your chats',
  syncing_headline: 'Loading your chats',
  syncing_lead: 'Keep WhatsApp open on the phone until this is done.',
  progress_label: 'Loading the chats',
  progress_value: (n) => `${n} %`,

  account_headline: 'WhatsApp is linked',
  account_lead: 'wad keeps the link up by itself. You can close this page.',
  account: 'Linked account',
  account_name: 'Name',
  account_number: 'Number',
  account_platform: 'Phone',
  account_since: 'Linked since',
  account_hidden: 'Who is linked is shown only with the access token.',
  nameless: 'No name',

  idle_headline: 'WhatsApp is not running',
  idle_lead: 'Start it to link a phone, or to go on with a session that was kept.',
  what_to_do: 'What you can do',
  meanwhile: 'Meanwhile',
  refused_what: 'What was refused',
  refused_why: 'Error',

  locked_headline: 'The code is protected',
  locked_lead: 'Enter the access token to see it.',
  token_title: 'Access token',
  token_lead: 'This wad is protected. Its token shows the code and the account, and lets you send commands.',
  token_label: 'Token',
  token_hint: 'It stands in the file that token_file names in the configuration.',
  token_send: 'Unlock',
  token_wrong: 'This token is not right.',
  token_missing: 'Please enter the token.',
  token_forget: 'Forget token',

  controls: 'Actions',
  start: 'Start',
  start_code: 'Show a new code',
  start_again: 'Try again now',
  stop: 'Stop',
  reset: 'Reset…',
  logout: 'Log out…',

  reset_title: 'Forget the session?',
  reset_text:
    'The saved session is deleted, and a new code appears. WhatsApp stays unlinked until a phone has scanned it. On the phone the old entry may remain under Linked devices.',
  reset_confirm: 'Forget and start afresh',
  logout_title: 'Log out?',
  logout_text:
    'WhatsApp is told to end the link, and the session is deleted. To link again, a phone must scan a new code.',
  logout_confirm: 'Log out',
  cancel: 'Cancel',

  timeline: 'What happened',
  timeline_empty: 'Nothing yet.',

  sandbox: 'Sandbox: no real phone can scan this code.',
  sandbox_lead: 'The phone that can is below.',
  phone: 'The sandbox’s phone',
  phone_lead: 'Whatever a phone, the network or WhatsApp may do can be tried here.',
  phone_done: (name) => `${name}: done`,
  phone_refused: (name, why) => `${name}: ${why}`,
  phone_group_link: 'The phone',
  phone_group_code: 'Codes',
  phone_group_chats: 'Chats',
  phone_group_network: 'Network',
  phone_group_servers: 'WhatsApp’s servers',
  phone_group_browser: 'Browser',
  phone_scan: 'Scan the code',
  phone_enter_code: 'Enter the pairing code',
  phone_logout: 'Remove the device',
  phone_refuse_pairing: 'Refuse pairing codes',
  phone_allow_pairing: 'Grant pairing codes',
  phone_next_ref: 'Next code',
  phone_spend: 'Spend all codes',
  phone_stall_sync: 'Stall the chats',
  phone_resume_sync: 'Deliver the chats',
  phone_fail_sync: 'Send no history',
  phone_offline: 'Go offline',
  phone_online: 'Go online',
  phone_block_hosts: 'Block the hosts',
  phone_unblock_hosts: 'Let the hosts through',
  phone_ban: 'Ban the account',
  phone_unban: 'End the ban',
  phone_service_unavailable: 'Service unavailable',
  phone_service_restored: 'Service restored',
  phone_terms: 'New terms of service',
  phone_deprecated: 'Version too old',
  phone_conflict: 'Another session',
  phone_replace: 'Open in another window',
  phone_reload: 'Reload the page',
  phone_crash: 'Crash the page',
  phone_hang: 'Hang for 10 s',
  phone_recover: 'End every trouble',

  version: (version) => `wad ${version}`,
  footer: 'About',
  link_api: 'API',
  link_status: 'Status',
  link_health: 'Health',
  manual: 'Manual: man wad',

  title_connecting: 'Connecting',
  title_away: 'No answer',
  title_code: 'Scan the code',
  title_entry: 'Enter the code',
  title_form: 'Phone number',
  title_working: 'One moment',
  title_progress: 'Loading chats',
  title_account: 'Linked',
  title_idle: 'Not running',
  title_trouble: 'Interrupted',
  title_blocked: 'Needs your help',
  title_locked: 'Token needed',
};
