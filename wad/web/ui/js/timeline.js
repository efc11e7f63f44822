// What happened lately, newest first.

import { serverNow } from './clock.js';
import { h, part, show, write } from './dom.js';
import { fullTime, listTime } from './format.js';
import { local } from './storage.js';
import { language, locale, phaseLine, sentenceOf, stateName } from './texts.js';

const KEPT = 'wad.timeline';
// Of these the state's name says all.
const PLAIN = ['stopped', 'syncing', 'linked', 'held_up'];

/** Name a transition: the state, and the phase where it is finer. "Not running" would be wrong of a start. */
function named({ to, phase }) {
  if (to === 'idle' && phase !== 'stopped') return [phaseLine(phase), ''];
  return [stateName(to), PLAIN.includes(phase) ? '' : phaseLine(phase)];
}

function entry(transition) {
  const { at, to, phase, reason } = transition;
  const [name, line] = named(transition);
  const time = h('time', { datetime: at, title: fullTime(at, locale()) }, shortTime(at));
  const finer = line ? [' ', h('span', { class: 'phase' }, line)] : [];
  const why = reason ? [h('span', { class: 'why' }, sentenceOf(reason))] : [];
  const what = h('span', { class: 'what' }, h('strong', {}, name), ...finer, ...why);
  return h('li', { 'data-to': to, 'data-phase': phase }, what, time);
}

const shortTime = (at) => listTime(at, locale(), serverNow());

/** Make the view. Its parts: timeline, transitions, timeline-latest, timeline-empty. */
export function makeTimeline() {
  const panel = part('timeline');
  const list = part('transitions');
  let drawn = null;

  panel.open = local.get(KEPT) === 'open';
  panel.addEventListener('toggle', () => local.set(KEPT, panel.open ? 'open' : 'closed'));

  return ({ transitions, instance }) => {
    const key = JSON.stringify([language(), instance, transitions]);
    if (key === drawn) return;
    drawn = key;
    list.replaceChildren(...transitions.map(entry));
    show(list, transitions.length > 0);
    show(part('timeline-empty'), transitions.length === 0);
    const [latest] = transitions;
    write(part('timeline-latest'), latest ? `${named(latest)[0]} · ${shortTime(latest.at)}` : '');
  };
}
