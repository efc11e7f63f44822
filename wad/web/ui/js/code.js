// The QR code: shown while it is live, and not a moment longer.

import { countdown } from './countdown.js';
import { attribute, part, show, write } from './dom.js';
import { showsPicture } from './scene.js';
import { serverNow } from './clock.js';
import { actionOf, sentenceOf, t } from './texts.js';

// wad draws four pixels for each module of the code (wad/reports/qr.py). A fifth more of them makes it larger and
// leaves every module as wide as its neighbours; on a narrow screen four have to do.
const LARGER = 5 / 4;
const ROOM = matchMedia('(min-width: 30rem)');

/** Make the view; `over` is called when the code's time has ended. Its parts: code, code-left, notice. */
export function makeCode(over) {
  const tile = part('code');
  const image = tile.querySelector('img');
  const text = part('code-left-text');
  const ring = part('code-left').querySelector('.ring-left');

  const left = countdown((seconds, share) => {
    write(text, t('code_left', seconds));
    attribute(ring, 'stroke-dasharray', `${Math.round(share * 100)} 100`);
  }, over);

  const resize = () => {
    if (!image.naturalWidth) return;
    const side = image.naturalWidth * (ROOM.matches ? LARGER : 1);
    attribute(image, 'width', side);
    attribute(image, 'height', side);
  };
  image.addEventListener('load', resize);
  ROOM.addEventListener('change', resize);

  const notice = ({ reason, message, action }) => {
    write(part('notice-sentence'), `${sentenceOf(reason, message)}.`);
    write(part('notice-action'), actionOf(reason, action) ?? '');
  };

  return (present, scene) => {
    const visible = scene === 'code' && showsPicture(present, serverNow());
    // A dead code is taken off the page altogether, not only covered.
    attribute(image, 'src', visible ? present.qr.url : null);
    show(image, visible);
    const away = present.link === 'away';
    show(part('code-wait'), !visible);
    write(part('code-wait-text'), t(away ? 'code_away' : 'code_renewing'));
    // Whether a new one will come then, nobody can say.
    show(part('code-left'), visible && !away);
    left.until(visible ? present.qr.expiresAt : null);
    left.again();
    const reason = scene === 'code' && present.status.reason;
    show(part('notice'), Boolean(reason));
    if (reason) notice(present.status);
  };
}
