// How the page hears of wad: the small sign in the corner, the banner when nobody answers, wad's version.

import { part, show, write } from './dom.js';
import { isStandIn } from './present.js';
import { t } from './texts.js';

/** Make the view. Its parts: link, link-text, away, version. */
export function makeLink() {
  return ({ link, status, version }) => {
    write(part('link-text'), t(`link_${link}`));
    // Where a proxy answers, the reason says the same and more.
    show(part('away'), link === 'away' && status !== null && !isStandIn(status));
    write(part('version'), version ? t('version', version) : 'wad');
  };
}
