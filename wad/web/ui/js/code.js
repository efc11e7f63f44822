// The QR code: shown while it is live, and not a moment longer.

import { countdown } from './countdown.js';
import { attribute, part, show, write } from './dom.js';
import { clockTime } from './format.js';
import { wholePixels } from './pixels.js';
import { showsPicture } from './scene.js';
import { serverNow } from './clock.js';
import { actionOf, sentenceOf, t } from './texts.js';

// wad draws four pixels for each module (wad/reports/qr.py), in the picture and in the drawing.
const PER_MODULE = 4;

/** Make the view; `over` is called when the code's time has ended. Its parts: code, code-left, notice. */
export function makeCode(over) {
  const tile = part('code');
  const image = tile.querySelector('img');
  const text = part('code-left-text');
  const ring = part('code-left').querySelector('.ring-left');

  const left = countdown((seconds, share) => {
    write(text, t('code_left', clockTime(seconds)));
    attribute(ring, 'stroke-dasharray', `${Math.round(share * 100)} 100`);
  }, over);

  const fit = () => {
    const { paddingLeft, paddingRight } = getComputedStyle(tile);
    const room = tile.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (!image.naturalWidth || !(room > 0)) return;
    const side = wholePixels(image.naturalWidth / PER_MODULE, room, devicePixelRatio);
    attribute(image, 'width', side);
    attribute(image, 'height', side);
  };
  image.addEventListener('load', fit);
  // Told, too, when the page is enlarged or moved to another screen.
  addEventListener('resize', fit);

  const notice = ({ reason, message, action }) => {
    write(part('notice-sentence'), `${sentenceOf(reason, message)}.`);
    write(part('notice-action'), actionOf(reason, action) ?? '');
  };

  return (present, scene) => {
    const visible = scene === 'code' && showsPicture(present, serverNow());
    // A dead code is taken off the page altogether, not only covered.
    attribute(image, 'src', visible ? (present.qr.drawing ?? present.qr.url) : null);
    show(image, visible);
    show(part('code-wait'), !visible);
    show(part('code-left'), visible);
    left.until(visible ? present.qr.expiresAt : null);
    left.again();
    const reason = scene === 'code' && present.status.reason;
    show(part('notice'), Boolean(reason));
    if (reason) notice(present.status);
  };
}
