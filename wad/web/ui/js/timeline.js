// What happened lately, newest first.

import { serverNow } from './clock.js';
import { h, part, show } from './dom.js';
import { fullTime, listTime } from './format.js';
import { language, phaseLine, sentenceOf, stateName } from './texts.js';

/** Make the view. Its parts: timeline, transitions, timeline-empty. */
export function makeTimeline() {
  const list = part('transitions');
  let shown = null;

  // On a narrow screen it would push nothing away, but lengthen the page by two screens.
  part('timeline').open = matchMedia('(min-width: 48rem)').matches;

  const entry = ({ at, to, phase, reason }) => {
    const lang = language();
    const time = h('time', { datetime: at, title: fullTime(at, lang) }, listTime(at, lang, serverNow()));
    const why = reason ? [h('span', { class: 'why' }, sentenceOf(reason))] : [];
    const what = h('span', { class: 'what' }, h('strong', {}, stateName(to)), ' ', lineBeside(to, phase), ...why);
    return h('li', { 'data-to': to, 'data-phase': phase }, what, time);
  };

  return ({ transitions }) => {
    const now = `${language()} ${transitions.map(({ seq }) => seq)} ${transitions.at(-1)?.at}`;
    if (now === shown) return;
    shown = now;
    list.replaceChildren(...transitions.map(entry));
    show(list, transitions.length > 0);
    show(part('timeline-empty'), transitions.length === 0);
  };
}

/** The phase is finer than the state; where both are called the same, once is enough. */
function lineBeside(state, phase) {
  const line = phaseLine(phase);
  return h('span', { class: 'phase' }, line === stateName(state) ? '' : line);
}
