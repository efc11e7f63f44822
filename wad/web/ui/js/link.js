// How the page hears of wad: the small sign in the corner, and wad's version.

import { part, write } from './dom.js';
import { t } from './texts.js';

/** Make the view. Its parts: link, link-text, version. */
export function makeLink() {
  return ({ link, version }) => {
    write(part('link-text'), t(`link_${link}`));
    write(part('version'), version ? t('version', version) : 'wad');
  };
}
