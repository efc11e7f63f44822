// What tells the sandbox from a real account: the banner. It speaks of a code only where there is one.

import { part, rich, show } from './dom.js';
import { showsPicture } from './scene.js';
import { serverNow } from './clock.js';
import { t } from './texts.js';

function sentence(present, scene) {
  if (scene === 'entry') return t('sandbox_entry');
  return t(scene === 'code' && showsPicture(present, serverNow()) ? 'sandbox_code' : 'sandbox');
}

/** Make the view. Its parts: sandbox, sandbox-text. */
export function makeSandbox() {
  let drawn = null;
  const lead = part('sandbox').querySelector('a');
  // Arriving at a closed panel would be no arrival.
  lead.addEventListener('click', () => {
    part('phone').open = true;
  });

  const say = (text) => {
    if (text !== drawn) rich(part('sandbox-text'), text);
    drawn = text;
  };
  return (present, scene) => {
    const { status } = present;
    show(part('sandbox'), Boolean(status?.sandbox));
    say(sentence(present, scene));
    // Without the token there is no phone to be led to.
    show(lead, !status?.authRequired);
  };
}
