// What happened lately, newest first.

import { serverNow } from './clock.js';
import { attribute, button, h, part, show, write } from './dom.js';
import { fullTime, listTime } from './format.js';
import { local } from './storage.js';
import { language, locale, phaseLine, sentenceOf, stateName, t } from './texts.js';

const KEPT = 'wad.timeline';
// As many as a glance takes in; the others are shown when they are asked for.
const FEW = 8;
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

/** Make the view. Its parts: timeline, transitions, timeline-latest, timeline-empty; its button: more. */
export function makeTimeline(store) {
  const panel = part('timeline');
  const list = part('transitions');
  const more = button('more');
  let whole = false;
  let drawn = null;

  panel.open = local.get(KEPT) === 'open';
  panel.addEventListener('toggle', () => local.set(KEPT, panel.open ? 'open' : 'closed'));
  more.addEventListener('click', () => {
    whole = !whole;
    store.tell();
  });

  const offerMore = (count) => {
    show(more, count > FEW);
    attribute(more, 'aria-expanded', String(whole));
    write(more, whole ? t('timeline_fewer') : t('timeline_more', count - FEW));
  };
  const draw = (transitions) => {
    list.replaceChildren(...transitions.slice(0, whole ? transitions.length : FEW).map(entry));
    show(list, transitions.length > 0);
    show(part('timeline-empty'), transitions.length === 0);
    offerMore(transitions.length);
    const [latest] = transitions;
    write(part('timeline-latest'), latest ? `${named(latest)[0]} · ${shortTime(latest.at)}` : '');
  };

  return ({ transitions, instance }) => {
    const key = JSON.stringify([language(), whole, instance, transitions]);
    if (key === drawn) return;
    drawn = key;
    draw(transitions);
  };
}
