// The chat that is open: its messages, the newest at the bottom, and what can be done with all of it.

import { makeBubble } from './bubble.js';
import { keyOf } from './chatbook.js';
import { serverNow } from './clock.js';
import { briefOf } from './contents.js';
import { button, h, part, show, write } from './dom.js';
import { dayName } from './format.js';
import { keyed } from './keyed.js';
import { nameOf, person } from './people.js';
import { errorText, language, locale, t } from './texts.js';

// Whoever is that near to the end reads on there; in px.
const NEAR = 80;

function makeDay() {
  const node = h('li', { class: 'day' });
  const update = ({ day }) => write(node, dayName(day, locale(), serverNow()));
  return { node, update };
}

/** Give the list's entries: the messages, each day's with the day above them. */
function entriesOf(messages, texts) {
  const entries = [];
  let last = '';
  for (const message of messages) {
    const day = new Date(message.timestamp * 1000);
    if (day.toDateString() !== last) entries.push([`day ${day.toDateString()}`, { day }]);
    last = day.toDateString();
    entries.push([keyOf(message.id), { message, texts }]);
  }
  return entries;
}

/**
 * Make the view. Its parts: conversation, conversation-title, conversation-state, conversation-trouble,
 * conversation-scroll, conversation-list, chats-news; its buttons: older, seen, leave.
 */
export function makeConversation(chatting, api) {
  const scroll = part('conversation-scroll');
  const make = (item) => (item.day ? makeDay() : makeBubble(item, api.media));
  const drawList = keyed(part('conversation-list'), make);
  let open = null; // whose messages are drawn
  let titled = null;
  let oldest = null; // the first message that is drawn
  let newest = null; // the last message that was there, once they were told

  button('older').addEventListener('click', async () => {
    await chatting.older();
    // What was pressed may be gone.
    if (button('older').hidden) scroll.focus({ preventScroll: true });
  });
  button('seen').addEventListener('click', async () => {
    await chatting.seen();
    if (button('seen').hidden) part('conversation-title').focus({ preventScroll: true });
  });
  button('leave').addEventListener('click', () => {
    const left = open;
    chatting.leave();
    const entries = [...document.querySelectorAll('[data-chat]')];
    (entries.find((each) => each.dataset.chat === left) ?? part('chats').querySelector('summary')).focus();
  });

  const drawTitle = (chat) => {
    const now = JSON.stringify([chat.id, chat.name, chat.pn, language()]);
    if (now !== titled) part('conversation-title').replaceChildren(person(chat));
    titled = now;
  };
  /** Say that somebody wrote; what, only to whom it is shown. */
  const announce = (chat, messages, texts) => {
    const last = messages.at(-1);
    const before = newest;
    newest = last ? keyOf(last.id) : '';
    if (before === null || before === newest || last.fromMe) return;
    const said = texts ? briefOf(last) : '';
    write(part('chats-news'), [t('chat_news', nameOf(chat)), said].filter(Boolean).join(' '));
  };
  const drawMessages = ({ chat, messages }, texts) => {
    // One's own message is to be seen wherever one was.
    const last = messages.at(-1);
    const isOwn = Boolean(last?.fromMe) && keyOf(last.id) !== newest;
    const wasNear = isOwn || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
    const isFirst = newest === null;
    const [height, top] = [scroll.scrollHeight, scroll.scrollTop];
    const before = oldest;
    oldest = messages.length ? keyOf(messages[0].id) : null;
    drawList(entriesOf(messages, texts));
    if (isFirst || wasNear) scroll.scrollTop = scroll.scrollHeight;
    // What came above does not move what is read.
    else if (oldest !== before) scroll.scrollTop = top + scroll.scrollHeight - height;
    announce(chat, messages, texts);
  };
  const stateText = ({ messages }) => {
    if (messages === null) return t('chats_loading');
    return messages.length ? '' : t('chat_no_messages');
  };

  return ({ book, texts }) => {
    const { chosen } = book;
    const isNew = chosen !== null && chosen.chat.id !== open;
    show(part('conversation'), chosen !== null);
    if (isNew || !chosen) {
      drawList([]);
      write(part('chats-news'), '');
      [open, newest] = [chosen?.chat.id ?? null, null];
    }
    if (!chosen) return;
    drawTitle(chosen.chat);
    write(part('conversation-state'), chosen.trouble ? '' : stateText(chosen));
    write(part('conversation-trouble'), chosen.trouble ? errorText(chosen.trouble) : '');
    show(button('older'), chosen.next !== null);
    button('older').disabled = chosen.busy;
    show(button('seen'), chosen.chat.unread > 0 || Boolean(chosen.chat.markedUnread));
    if (chosen.messages) drawMessages(chosen, texts);
    if (isNew) part('conversation-title').focus();
  };
}
