// What surrounds the views: which scene is to be seen, and the page's language.

import { attribute, show, writeStatic } from './dom.js';
import { keepLanguage, language } from './texts.js';

const CHOICES = [...document.querySelectorAll('[data-language]')];

/** Make the view. It marks <body> with data-scene, -state, -phase, -reason and -link, for style and tests. */
export function makeFrame(store, dialog) {
  let spoken = null;

  const speak = () => {
    if (spoken === language()) return;
    spoken = language();
    document.documentElement.lang = spoken;
    for (const each of CHOICES) attribute(each, 'aria-pressed', String(each.dataset.language === spoken));
    writeStatic();
    dialog.words();
  };
  for (const each of CHOICES) {
    each.addEventListener('click', () => {
      keepLanguage(each.dataset.language);
      store.tell();
    });
  }

  const mark = ({ status, link }, scene) => {
    const marks = { scene, link, state: status?.state, phase: status?.phase, reason: status?.reason };
    for (const [name, value] of Object.entries(marks))
      attribute(document.body, `data-${name}`, value ?? null);
  };

  return (present, scene) => {
    speak();
    mark(present, scene);
    for (const each of document.querySelectorAll('[data-for]')) {
      show(each, each.dataset.for.split(' ').includes(scene));
    }
  };
}
