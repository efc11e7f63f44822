// The form that sends a message, and what becomes of the one it sent last.
//
// Each message has a key of its own. Asking again for the same one, after an answer that was lost, is asking under
// the same key: wad then gives the message it has instead of taking another.

import { ApiError } from './api.js';
import { attribute, button, part, show, write } from './dom.js';
import { makeOnce, newKey, prospect, refusedText } from './outgoing.js';
import { nameOf } from './people.js';
import { failureText, messageStateName, t } from './texts.js';

// Which field is wrong, by the code of the refusal.
const FIELDS = { invalid_recipient: 'to', not_on_whatsapp: 'to', invalid_message: 'text', too_large: 'text' };

function missing({ to, text }) {
  if (!to) return { field: 'to', key: 'composer_no_to' };
  return text.trim() ? null : { field: 'text', key: 'composer_no_text' };
}

const wrongText = ({ key, error }) => (key ? t(key) : refusedText(error));

function sentText({ chat, state, error }, isReady) {
  const why = state === 'failed' && error ? failureText(error) : null;
  const waits = state === 'queued' && !isReady;
  const line = t('composer_sent', nameOf(chat), waits ? t('composer_accepted') : messageStateName(state));
  return why ? `${line}. ${why.sentence}. ${why.action}` : line;
}

/** Make the form. Its parts: composer, composer-prospect, composer-error, composer-sent; its button: send. */
export function makeComposer(store, api, following) {
  const form = part('composer');
  const fields = { to: form.querySelector('input'), text: form.querySelector('textarea') };
  let asked = null; // {to, text, key}: what was asked for last, unless it was accepted
  let busy = false;
  const once = makeOnce();
  let wrong = null;

  const refuse = (why) => {
    wrong = why;
    store.tell();
    if (why.field) fields[why.field].focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    const wanted = { to: fields.to.value.trim(), text: fields.text.value };
    if (busy || (once.isSecond() && !wanted.text)) return;
    const lacks = missing(wanted);
    if (lacks) {
      refuse(lacks);
      return;
    }
    if (asked?.to !== wanted.to || asked.text !== wanted.text) asked = { ...wanted, key: newKey() };
    busy = true;
    wrong = null;
    store.tell();
    const refused = await send(asked);
    busy = false;
    if (refused) refuse(refused);
    else store.tell();
  };
  const send = async ({ to, text, key }) => {
    try {
      const { message } = await api.sendMessage({ to, text, clientRef: key });
      asked = null;
      fields.text.value = '';
      once.told();
      following.accepted(message);
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) reportError(error);
      if (error.code === 'unauthorized') store.set({ refused: true });
      return { field: FIELDS[error.code], error: error instanceof ApiError ? error : new ApiError('other') };
    }
  };
  form.addEventListener('submit', submit);

  return (present) => {
    const { link, status, mail } = present;
    for (const [name, field] of Object.entries(fields)) {
      field.readOnly = busy;
      attribute(field, 'aria-invalid', wrong?.field === name ? 'true' : null);
    }
    button('send').disabled = busy || link === 'away';
    write(button('send'), t(busy ? 'composer_sending' : 'composer_send'));
    write(part('composer-error'), wrong ? wrongText(wrong) : '');
    write(part('composer-prospect'), prospect(present));
    show(part('composer-prospect'), prospect(present) !== '');
    write(part('composer-sent'), mail.sent ? sentText(mail.sent, status?.state === 'ready') : '');
  };
}
