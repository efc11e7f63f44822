// The chats, as WhatsApp Web lists them. Nothing is asked for until the panel is opened, which it never is by itself.

import { kindOf, briefOf } from './contents.js';
import { serverNow } from './clock.js';
import { attribute, button, h, part, show, write } from './dom.js';
import { chatTime, fullTime } from './format.js';
import { keyed } from './keyed.js';
import { person } from './people.js';
import { errorText, language, locale, t } from './texts.js';

function makeEntry(choose) {
  const name = h('span', { class: 'what' });
  const time = h('time', {});
  const brief = h('span', { class: 'brief' });
  const unread = h('span', { class: 'unread' });
  const rows = [h('span', { class: 'chat-row' }, name, time), h('span', { class: 'chat-row' }, brief, unread)];
  const chosen = h('button', { type: 'button', class: 'chat' }, ...rows);
  const node = h('li', {}, chosen);
  let chat = null;
  let drawn = null;
  chosen.addEventListener('click', () => choose(chat));

  const drawTime = ({ timestamp }) => {
    show(time, timestamp !== null);
    if (timestamp === null) return;
    const at = new Date(timestamp * 1000);
    attribute(time, 'datetime', at.toISOString());
    attribute(time, 'title', fullTime(at, locale()));
    write(time, chatTime(at, locale(), serverNow()));
  };
  const update = ({ chat: told, texts, isOpen }) => {
    chat = told;
    attribute(chosen, 'data-chat', told.id);
    attribute(chosen, 'aria-current', isOpen ? 'true' : null);
    attribute(chosen, 'data-unread', told.unread || told.markedUnread ? 'true' : null);
    drawTime(told);
    const last = told.lastMessage;
    write(brief, last ? (texts && !last.revoked && briefOf(last)) || kindOf(last) : '');
    write(unread, told.unread ? t('chat_unread', told.unread) : told.markedUnread ? t('chat_marked_unread') : '');
    show(unread, Boolean(told.unread || told.markedUnread));
    const now = JSON.stringify([told.name, told.pn, told.id, told.kind, language()]);
    if (now === drawn) return;
    drawn = now;
    const group = told.kind === 'group' ? [' ', h('span', { class: 'hint' }, t('chat_group'))] : [];
    name.replaceChildren(person(told), ...group);
  };
  return { node, update };
}

function stateText({ book, status }) {
  if (status?.state !== 'ready') return t(book.list ? 'chats_known' : 'chats_later');
  if (book.trouble) return '';
  if (book.list === null) return t('chats_loading');
  return book.list.length ? '' : t('chats_none');
}

/**
 * Make the view. Its parts: chats, chats-state, chats-trouble, chats-rows, chat-list; its buttons: chat-texts,
 * more-chats, chats-again, and one for each chat.
 */
export function makeChats(store, chatting) {
  const panel = part('chats');
  const toggle = button('chat-texts');
  const drawList = keyed(part('chat-list'), () => makeEntry(chatting.choose));

  panel.addEventListener('toggle', () => chatting.open(panel.open));
  toggle.addEventListener('click', () => store.set({ texts: !store.get().texts }));
  // What was pressed may be gone: then the focus goes to what came in its place.
  const press = async (name, work, instead) => {
    await work();
    if (button(name).hidden) instead().focus({ preventScroll: true });
  };
  const summary = () => panel.querySelector('summary');
  const last = () => [...panel.querySelectorAll('[data-chat]')].at(-1) ?? summary();
  button('more-chats').addEventListener('click', () => press('more-chats', chatting.more, last));
  button('chats-again').addEventListener('click', () => press('chats-again', chatting.again, summary));

  return (present) => {
    const { book, mail, status, texts } = present;
    show(panel, (mail.known || Boolean(mail.trouble)) && !status?.authRequired);
    if (!book.open) return;
    attribute(toggle, 'aria-checked', String(texts));
    show(toggle, Boolean(book.list?.length));
    write(part('chats-state'), stateText(present));
    write(part('chats-trouble'), book.trouble ? errorText(book.trouble) : '');
    show(button('chats-again'), Boolean(book.trouble || book.chosen?.trouble));
    show(part('chats-rows'), Boolean(book.list?.length));
    const isOpen = (chat) => chat.id === book.chosen?.chat.id;
    drawList((book.list ?? []).map((chat) => [chat.id, { chat, texts, isOpen: isOpen(chat) }]));
    show(button('more-chats'), book.next !== null);
    button('more-chats').disabled = book.busy;
  };
}
