// The form that answers in the open chat: a text, or a file with one. As with the other form each message has a key
// of its own, under which it is asked for again where no answer came.

import { ApiError } from './api.js';
import { attribute, button, part, show, write } from './dom.js';
import { fileSize } from './format.js';
import { makeOnce, newKey, prospect, refusedText } from './outgoing.js';
import { locale, t } from './texts.js';

const MEBIBYTE = 2 ** 20;
// By the code of the refusal: what it is to whoever sends a file, and where wad's own sentence has the number.
const TOO_LARGE = {
  too_large: ['reply_too_large', /(\d+) MiB/, 1],
  body_too_large: ['reply_too_large_body', /(\d+) bytes/, MEBIBYTE],
};

function wrongText({ key, error, file }) {
  if (key) return t(key);
  const [text, limit, unit] = (file && TOO_LARGE[error.code]) || [];
  const most = limit?.exec(error.said);
  return most ? t(text, Math.floor(Number(most[1]) / unit)) : refusedText(error);
}

/** Make the form. Its parts: reply, reply-file, reply-prospect, reply-error; its buttons: attach, detach, reply. */
export function makeReply(store, api, chatting, following) {
  const form = part('reply');
  const field = form.querySelector('textarea');
  const input = form.querySelector('input');
  const drafts = new Map(); // what was typed and not sent, by chat
  const once = makeOnce();
  let chat = null;
  let asked = null; // {to, text, file, key}: what was asked for last, unless it was accepted
  let busy = false;
  let wrong = null;

  const file = () => input.files[0] ?? null;
  const refuse = (why) => {
    wrong = why;
    store.tell();
    if (!why.file) field.focus();
    else button('attach').focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    const wanted = { to: chat, text: field.value, file: file() };
    const isEmpty = !wanted.file && !wanted.text.trim();
    if (busy || (once.isSecond() && isEmpty)) return;
    if (isEmpty) {
      refuse({ key: 'reply_nothing' });
      return;
    }
    if (Object.keys(wanted).some((name) => asked?.[name] !== wanted[name])) asked = { ...wanted, key: newKey() };
    busy = true;
    wrong = null;
    store.tell();
    const refused = await send(asked);
    busy = false;
    // Whoever has gone to another chat is not to read there what became of this one.
    if (refused && wanted.to === chat) refuse(refused);
    else store.tell();
  };
  const send = async ({ to, text, file: content, key }) => {
    const said = { to, clientRef: key, ...(text.trim() ? { text } : {}) };
    try {
      const { message } = await (content ? api.sendFile(said, content) : api.sendMessage(said));
      asked = null;
      clear(to);
      once.told();
      chatting.accepted(message);
      following.watch();
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) reportError(error);
      if (error.code === 'unauthorized') store.set({ refused: true });
      return { file: content, error: error instanceof ApiError ? error : new ApiError('other') };
    }
  };
  const clear = (to) => {
    drafts.delete(to);
    if (to !== chat) return;
    field.value = '';
    input.value = '';
  };
  /** Each chat has its own text; a file is for the chat it was chosen in. */
  const turn = (to) => {
    if (chat !== null && field.value) drafts.set(chat, field.value);
    [chat, wrong] = [to, null];
    field.value = drafts.get(to) ?? '';
    input.value = '';
  };

  form.addEventListener('submit', submit);
  button('attach').addEventListener('click', () => input.click());
  button('detach').addEventListener('click', () => {
    input.value = '';
    store.tell();
    button('attach').focus();
  });
  input.addEventListener('change', () => {
    wrong = null;
    store.tell();
  });

  return (present) => {
    const { book, link } = present;
    const to = book.chosen?.chat.id ?? null;
    if (to !== chat) turn(to);
    // Another session's chats are others.
    if (book.list === null) drafts.clear();
    field.readOnly = busy;
    attribute(field, 'aria-invalid', wrong && !wrong.file ? 'true' : null);
    button('reply').disabled = busy || link === 'away';
    button('attach').disabled = busy;
    button('detach').disabled = busy;
    write(button('reply'), t(busy ? 'composer_sending' : 'composer_send'));
    const chosen = file();
    write(part('reply-file'), chosen ? `${chosen.name} · ${fileSize(chosen.size, locale())}` : '');
    show(button('detach'), chosen !== null);
    write(part('reply-error'), wrong ? wrongText(wrong) : '');
    write(part('reply-prospect'), prospect(present));
    show(part('reply-prospect'), prospect(present) !== '');
  };
}
