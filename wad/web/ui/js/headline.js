// What is said in large letters, and with it everything that follows from it alone: the emblem, the page's
// title, and what a screen reader is told.

import { wasScanned } from './history.js';
import { attribute, part, show, write } from './dom.js';
import { isAway } from './scene.js';
import { actionOf, phaseLine, sentenceOf, stateName, t } from './texts.js';

const EMBLEMS = { account: 'check', idle: 'pause', locked: 'lock', away: 'unplugged', trouble: 'warn' };
// In front of the title: a tab is often too narrow for more.
const MARKS = { code: '●', entry: '●', account: '✓', trouble: '!', away: '!' };
// A phase that is over in no time, or as long as it takes, promises nothing.
// Where a reason is shown, it is said, too.
const TELLING = ['code', 'idle', 'trouble'];
const QUICK = ['starting', 'loading', 'connecting', 'pairing', 'renewing'];

const HEADLINES = {
  connecting: () => [t('look_for_wad'), ''],
  away: () => [t('away_headline'), t('away_lead')],
  working: ({ phase }) => [phaseLine(phase), QUICK.includes(phase) ? t('working_lead') : ''],
  // Between two codes there is nothing to be scanned.
  code: ({ hasQr }) => [hasQr ? t('code_headline') : phaseLine('renewing'), ''],
  entry: () => [t('entry_headline'), ''],
  form: () => [t('form_headline'), t('form_lead')],
  locked: () => [t('locked_headline'), t('locked_lead')],
  progress: (_, { transitions }) => [
    t(wasScanned(transitions) ? 'scanned_headline' : 'syncing_headline'),
    t('syncing_lead'),
  ],
  account: () => [t('account_headline'), t('account_lead')],
  idle: (status) =>
    status.reason
      ? [whyOf(status), actionOf(status.reason, status.action)]
      : [t('idle_headline'), t('idle_lead')],
  trouble: (status) => [whyOf(status), ''],
};

function whyOf({ reason, success, message, phase }) {
  const slug = success === false ? 'internal_error' : reason;
  return slug ? sentenceOf(slug, message) : phaseLine(phase);
}

/** Say what is shown below the headline, and why it came to it where the headline is of something else. */
function adviceOn({ reason, message, action }, headline) {
  const why = sentenceOf(reason, message);
  return `${why === headline ? '' : `${why}. `}${actionOf(reason, action) ?? ''}`;
}

/** Name the state; where it says "idle" but wad is busy, say that. */
function stateLine(present) {
  const { status } = present;
  if (!status) return '';
  const busy = status.state === 'idle' && status.phase !== 'stopped';
  const name = busy ? t('at_work') : stateName(status.state);
  return isAway(present) ? t('last_known', name) : name;
}

function titleOf(scene, status) {
  const key = scene === 'trouble' && status.state === 'blocked' ? 'blocked' : scene;
  return `${MARKS[scene] ?? ''} ${t(`title_${key}`)} — wad`.trim();
}

/** Make the view. Its parts: state, headline, lead, emblem, announcer. */
export function makeHeadline() {
  const emblem = part('emblem');

  const announce = (headline, scene, { status }) => {
    const advice = status?.reason && TELLING.includes(scene) ? adviceOn(status, headline) : '';
    write(part('announcer'), `${headline}. ${advice}`.trim());
  };

  return (present, shown) => {
    // What is still shown is as it was; what is said in large letters has to be true now.
    const scene = isAway(present) ? 'away' : shown;
    const [headline, lead] = HEADLINES[scene](present.status, present);
    write(part('headline'), headline);
    write(part('lead'), lead);
    show(part('lead'), lead !== '');
    write(part('state'), stateLine(present));
    show(part('state'), present.status !== null);
    show(emblem, scene in EMBLEMS);
    if (scene in EMBLEMS) attribute(emblem.querySelector('use'), 'href', `#i-${EMBLEMS[scene]}`);
    document.title = titleOf(present.link === 'away' ? 'away' : scene, present.status);
    announce(headline, scene, present);
  };
}
