// What waits to be sent, what failed and why, and the last events, newest first. Their texts are shown only when
// they are asked for: whoever looks over a shoulder reads none.

import { serverNow } from './clock.js';
import { shortened } from './contents.js';
import { attribute, button, h, part, show, write } from './dom.js';
import { duration, fullTime, listTime } from './format.js';
import { failedLately, failures, listed } from './mailbox.js';
import { nameOf, person } from './people.js';
import { local } from './storage.js';
import { errorText, failureText, language, locale, messageStateName, t } from './texts.js';

const KEPT = 'wad.messages';
// Nobody reads all of a long text in a list.
const LONGEST = 500;
// A failure that is older was there before; after a restart of wad's all of them are told again.
const NEWS = 60000;

const NAMES = {
  message: 'message_received',
  'message.edited': 'message_edited',
  'message.revoked': 'message_revoked',
  'message.reaction': 'message_reaction',
  'poll.vote': 'message_vote',
  'group.changed': 'message_group',
  'events.lost': 'message_lost',
};

/** Name an event: one's own message by how far it is. A type that is newer than this page keeps its own name. */
function named({ type, state }) {
  if (type === 'message.own' || type === 'message.failed') return messageStateName(state);
  return type in NAMES ? t(NAMES[type]) : type;
}

const timeOf = (at) =>
  h('time', { datetime: at, title: fullTime(at, locale()) }, listTime(at, locale(), serverNow()));

const textOf = ({ text }) =>
  h('p', { class: text ? 'message-text' : 'hint', dir: 'auto' }, text ? shortened(text, LONGEST) : t('message_no_text'));

const errorOf = ({ sentence }) => h('p', { class: 'why' }, `${sentence}.`);

function entry(event, withText) {
  const { type, at, chat, error, state } = event;
  const why = type === 'message.failed' && error && state !== 'cancelled' ? [errorOf(failureText(error))] : [];
  const who = chat ? [' ', person(chat)] : [];
  const what = h('span', { class: 'what' }, h('strong', {}, named(event)), ...who);
  const text = withText && 'text' in event && type !== 'message.revoked' && chat ? [textOf(event)] : [];
  return h('li', { 'data-type': type, 'data-state': state }, what, timeOf(at), ...why, ...text);
}

function failure({ at, data }) {
  const { sentence, action } = failureText(data.error);
  const code = data.error.whatsappCode;
  const number = code ? [' ', h('span', { class: 'hint' }, t('whatsapp_code', code))] : [];
  return h(
    'li',
    {},
    h('span', { class: 'what' }, person(data.chat)),
    timeOf(at),
    h('p', { class: 'why' }, `${sentence}.`, ...number),
    h('p', {}, action),
  );
}

/**
 * Make the view. Its parts: messages, messages-latest, messages-trouble, waiting, failed, failed-list, events,
 * events-empty, messages-news; its button: texts.
 */
export function makeMessages(store) {
  const panel = part('messages');
  const toggle = button('texts');
  let drawn = [];
  let announced = null;

  panel.open = local.get(KEPT) === 'open';
  panel.addEventListener('toggle', () => local.set(KEPT, panel.open ? 'open' : 'closed'));
  toggle.addEventListener('click', () => store.set({ texts: !store.get().texts }));

  const drawWaiting = (mail) => {
    const age = duration(mail.oldestSeconds ?? 0, locale());
    write(part('waiting'), mail.depth ? t('messages_waiting', mail.depth, age) : t('messages_none_waiting'));
    const failed = failedLately(mail, serverNow());
    const brief = [
      mail.depth ? t('messages_brief_waiting', mail.depth) : '',
      failed ? t('messages_brief_failed', failed) : '',
    ];
    write(part('messages-latest'), brief.filter(Boolean).join(' · '));
  };
  const drawLists = (mail, withTexts) => {
    const failed = failures(mail);
    part('failed-list').replaceChildren(...failed.map(failure));
    show(part('failed'), failed.length > 0);
    const events = listed(mail);
    part('events').replaceChildren(...events.map((each) => entry(each, withTexts)));
    show(part('events'), events.length > 0);
    show(toggle, events.length > 0);
    show(part('events-empty'), events.length === 0);
  };
  /** Say what failed since the page was opened, but of what the form itself tells. */
  const announce = (mail) => {
    const before = announced;
    announced = mail.known ? mail.newest : null;
    const [last] = failures(mail);
    if (before === null || !last || last.seq <= before || serverNow() - Date.parse(last.at) > NEWS) return;
    if (mail.sent && last.data.clientRef === mail.sent.ref) return;
    const { sentence, action } = failureText(last.data.error);
    write(part('messages-news'), `${messageStateName('failed')}: ${nameOf(last.data.chat)}. ${sentence}. ${action}`);
  };

  return ({ mail, status, texts }) => {
    const there = (mail.known || Boolean(mail.trouble)) && !status?.authRequired;
    show(panel, there);
    attribute(toggle, 'aria-checked', String(texts));
    write(part('messages-trouble'), mail.trouble ? `${t('messages_trouble')} ${errorText(mail.trouble)}` : '');
    drawWaiting(mail);
    announce(mail);
    const now = [mail.events, texts, language()];
    if (now.every((each, index) => each === drawn[index])) return;
    drawn = now;
    drawLists(mail, texts);
  };
}
