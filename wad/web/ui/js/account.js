// Who is linked.

import { attribute, part, show, write } from './dom.js';
import { fullTime, phoneNumber, platformName } from './format.js';
import { locale, t } from './texts.js';

/** Make the view. Its parts: account, account-name, -number, -platform, -since, account-hidden. */
export function makeAccount() {
  const since = part('account-since');

  const fact = (name, text) => {
    const node = part(`account-${name}`);
    write(node, text);
    show(node.closest('div'), text !== '');
  };
  const sinceWhen = (iso) => {
    fact('since', iso ? fullTime(iso, locale()) : '');
    attribute(since, 'datetime', iso ?? null);
  };

  return ({ status }, scene) => {
    const account = scene === 'account' ? status.accountInfo : null;
    show(part('account'), Boolean(account));
    show(part('account-hidden'), scene === 'account' && !account);
    fact('name', account ? account.name || t('nameless') : '');
    fact('number', phoneNumber(account?.phoneNumber));
    fact('platform', platformName(account?.platform));
    sinceWhen(account?.connectedAt);
  };
}
