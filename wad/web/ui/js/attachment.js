// The file of a message: fetched when somebody asks for it, shown as what it is, and let go when it is hidden.
//
// The token goes in a header, so a file is no address that an element could load by itself: it is fetched whole, and
// shown from this browser's memory (a blob: URL), which is given back as soon as nothing shows it.

import { ApiError } from './api.js';
import { attribute, h, show, write } from './dom.js';
import { extentOf } from './contents.js';
import { duration } from './format.js';
import { errorText, locale, t } from './texts.js';

const DEADLINE = 600000;
const PLAYERS = { image: 'img', sticker: 'img', video: 'video', voice: 'audio', audio: 'audio' };
// What this browser shows without running anything in it; what a file claims to be counts for nothing else.
const SHOWN = /^(image\/(jpeg|png|gif|webp|avif|bmp)|(audio|video)\/[\w.+-]+)(;|$)/;
const WHY = {
  media_pending: 'file_pending',
  media_expired: 'file_expired',
  media_not_found: 'file_gone',
  media_unreachable: 'file_unreachable',
};

function whyText(error) {
  const sentence = error.code in WHY ? t(WHY[error.code]) : errorText(error);
  const when = error.againIn ? t('composer_again_in', duration(error.againIn, locale(), Math.ceil)) : '';
  return [sentence, when].filter(Boolean).join(' ');
}

/** Make the view of a file: {node, update(media, texts), release()}. `ask(sha256, signal)` gives its Blob. */
export function makeAttachment(ask) {
  const line = h('p', { class: 'file-line' });
  const button = h('button', { type: 'button', class: 'button small', 'data-action': 'file' });
  const place = h('div', { class: 'file-shown' });
  const save = h('a', { class: 'file-save', hidden: '' });
  const error = h('p', { class: 'error', role: 'alert' });
  const node = h('div', { class: 'file' }, line, place, h('div', { class: 'keys' }, button, save), error);
  let state = 'idle'; // idle | busy | shown | failed
  let media = null;
  let texts = false;
  let url = null;
  let asking = null;
  let why = null;

  const player = () => PLAYERS[media.kind] ?? null;
  const draw = () => {
    attribute(node, 'data-media', media.kind);
    attribute(node, 'data-state', state);
    const named = texts && media.filename ? media.filename : t(`kind_${media.kind}`);
    write(line, [named, extentOf(media)].filter(Boolean).join(' · '));
    show(button, Boolean(media.sha256));
    attribute(button, 'aria-busy', state === 'busy' ? 'true' : null);
    write(button, t(state === 'busy' ? 'file_stop' : state === 'shown' ? 'file_hide' : `file_show_${media.kind}`));
    write(save, t('file_save'));
    const shown = place.firstChild;
    if (shown) attribute(shown, shown.tagName === 'IMG' ? 'alt' : 'aria-label', t(`kind_${media.kind}`));
    write(error, why === null ? '' : typeof why === 'string' ? t(why) : whyText(why));
  };
  const release = () => {
    asking?.abort();
    asking = null;
    place.replaceChildren();
    show(save, false);
    save.removeAttribute('href');
    if (url) URL.revokeObjectURL(url);
    [url, why, state] = [null, null, 'idle'];
  };
  const put = (blob) => {
    const known = SHOWN.test(blob.type);
    // Anything else could be run in this page's name by whoever opens it in a tab of its own.
    url = URL.createObjectURL(known ? blob : new Blob([blob], { type: 'application/octet-stream' }));
    save.href = url;
    save.download = media.filename ?? `${media.kind}-${media.sha256.slice(0, 8)}`;
    show(save, true);
    if (player()) place.append(shownAs(player()));
    // A file that is nothing to look at was asked for to be kept.
    else save.click();
  };
  const shownAs = (tag) => {
    const shown = h(tag, tag === 'img' ? {} : { controls: '', preload: 'metadata' });
    shown.addEventListener('error', () => {
      if (!shown.isConnected) return;
      shown.remove();
      why = 'file_unshown';
      draw();
    });
    shown.src = url;
    return shown;
  };
  const load = async () => {
    const mine = new AbortController();
    const timer = setTimeout(() => mine.abort(new DOMException('', 'TimeoutError')), DEADLINE);
    [asking, state, why] = [mine, 'busy', null];
    draw();
    try {
      const blob = await ask(media.sha256, mine.signal);
      if (asking !== mine) return;
      state = 'shown';
      put(blob);
    } catch (failure) {
      if (asking !== mine) return;
      if (!(failure instanceof ApiError)) reportError(failure);
      state = 'failed';
      why = failure instanceof ApiError ? failure : new ApiError('other');
    } finally {
      clearTimeout(timer);
    }
    asking = null;
    draw();
  };
  button.addEventListener('click', () => {
    if (state === 'idle' || state === 'failed') load();
    else {
      release();
      draw();
    }
  });

  const update = (told, withTexts) => {
    if (media?.sha256 !== told.sha256) release();
    [media, texts] = [told, withTexts];
    draw();
  };
  return { node, update, release };
}
