// The buttons: those that make sense now, and what came of pressing them.

import { attribute, button, part, show, write } from './dom.js';
import { commandsOf, offersForm } from './scene.js';
import { errorText, t } from './texts.js';

const COMMANDS = ['start', 'stop', 'reset', 'logout', 'cancel'];
// What cannot be taken back is asked about first.
const ASKED = ['reset', 'logout'];
// In these there is nothing to press, or the scene has buttons of its own.
const BARE_SCENES = ['form', 'away'];
// In these the number is asked for beside another thing, and belongs below it.
const FORM_SCENES = ['code', 'idle'];

function startText({ state, reason }) {
  if (reason === 'qr_expired') return t('start_code');
  return t(state === 'idle' ? 'start' : 'start_again');
}

/** Make the view; `confirm(name)` asks the reader. Its parts: controls, error, a button for each command. */
export function makeControls(commands, confirm) {
  const press = async (name) => {
    if (!ASKED.includes(name) || (await confirm(name))) await commands.run(name);
  };
  for (const name of COMMANDS) button(name).addEventListener('click', () => press(name));

  const enable = (name, possible, visible) => {
    show(button(name), visible);
    button(name).disabled = !possible;
  };

  return (present, scene) => {
    const { status, busy, link, error } = present;
    const offered = BARE_SCENES.includes(scene) ? [] : commandsOf(present);
    const byPhone = offersForm(present) && FORM_SCENES.includes(scene);
    const possible = busy === null && link !== 'away';
    for (const name of COMMANDS) enable(name, possible, offered.includes(name));
    enable('open-form', possible, byPhone);
    show(part('controls'), offered.length > 0 || byPhone);
    if (status) write(part('start-text'), startText(status));
    attribute(part('controls'), 'aria-busy', busy ? 'true' : null);
    write(part('error'), error?.place === 'controls' ? errorText(error.error) : '');
  };
}
