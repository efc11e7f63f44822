// The page's words: the choice of the language, whose sentence goes first, and one word for one thing.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import {
  actionOf,
  chooseLanguage,
  errorText,
  keepLanguage,
  language,
  locale,
  pick,
  sentenceOf,
  t,
} from '../../../wad/web/ui/js/texts.js';
import * as en from '../../../wad/web/ui/js/texts/en.js';
import * as ru from '../../../wad/web/ui/js/texts/ru.js';

const NOT_READY = 'WhatsApp client not ready: ';

beforeEach(() => chooseLanguage(['en']));

test('the first language of the reader that the page speaks is taken', () => {
  assert.equal(pick(['de-DE', 'ru-RU', 'en']), 'ru');
  assert.equal(pick(['en-GB', 'ru']), 'en');
});

test('who reads neither gets English', () => {
  assert.equal(pick(['de', 'fr']), 'en');
  assert.equal(pick([]), 'en');
});

test('both languages have the same keys', () => {
  for (const table of Object.keys(en)) {
    assert.deepEqual(Object.keys(ru[table]).sort(), Object.keys(en[table]).sort(), table);
  }
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
});

test('no text is empty', () => {
  for (const { states, phases, retries, errors, texts } of [en, ru]) {
    const all = Object.entries({ ...states, ...phases, ...retries, ...errors, ...texts });
    assert.deepEqual(
      all.filter(([, text]) => text === ''),
      [],
    );
  }
});

test('names of menus are set in pairs of asterisks', () => {
  for (const { texts } of [en, ru]) {
    const odd = Object.values(texts).filter(
      (text) => String(text).split('*').length % 2 === 0 && typeof text === 'string',
    );
    assert.deepEqual(odd, []);
  }
});

test('a text that is not there is an error and not a blank', () => {
  assert.throws(() => t('no_such_text'), /no_such_text/);
});

test('in English the sentence is the one the server sent', () => {
  assert.equal(sentenceOf('browser_hung', `${NOT_READY}the browser sleeps`), 'The browser sleeps');
});

test('where the server sent none, the table has one', () => {
  assert.equal(
    sentenceOf('pairing_refused', 'QR code available, waiting for scan'),
    'WhatsApp gave no pairing code for this number',
  );
});

test('in Russian the table goes first, and the server helps out with what is new', () => {
  keepLanguage('ru');
  assert.equal(
    sentenceOf('browser_hung', `${NOT_READY}the browser did not answer`),
    'Браузер перестал отвечать',
  );
  assert.equal(sentenceOf('never_heard_of', `${NOT_READY}the moon is full`), 'The moon is full');
  assert.equal(actionOf('never_heard_of', 'Wait for the new moon.'), 'Wait for the new moon.');
});

test('an action is the server’s own, but for those that would name a command instead of a button', () => {
  assert.equal(actionOf('hosts_blocked', 'Allow it.'), 'Allow it.');
  assert.match(actionOf('qr_expired', 'Send start for a new code.'), /“Show a new code”/);
});

test('a refusal is told in the reader’s language, and begins with a capital', () => {
  const error = { code: 'invalid_phone', said: 'that is no number' };
  assert.equal(errorText(error), 'That is no number');
  keepLanguage('ru');
  assert.equal(errorText(error), ru.errors.invalid_phone);
  assert.equal(errorText({ code: 'never_heard_of', said: '' }), ru.errors.other);
});

test('an unknown language is not taken', () => {
  keepLanguage('xx');
  assert.equal(language(), 'en');
});

test('times are written as in the reader’s country, where he named one of the language in force', () => {
  chooseLanguage(['de-DE', 'en-GB', 'ru']);
  assert.equal(locale(), 'en-GB');
  keepLanguage('ru');
  assert.equal(locale(), 'ru');
});

test('time left is told as a clock does', () => {
  assert.equal(en.texts.code_left('0:42'), 'New code in 0:42');
  assert.equal(en.texts.entry_left('2:58'), 'Valid for another 2:58');
  assert.equal(ru.texts.entry_left('2:58'), 'Действует ещё 2:58');
});

const leaves = (value) => {
  if (typeof value === 'function') return [value('x', 'y')];
  return typeof value === 'object' ? Object.values(value).flatMap(leaves) : [value];
};
const russian = leaves({ ...ru });
const withoutMenus = russian.map((text) => text.replace(/\*[^*]+\*|«Связанные устройства»/g, ''));

test('Russian has one word for the link, but for the names of WhatsApp’s menus', () => {
  assert.deepEqual(
    withoutMenus.filter((text) => /связать|связан|привяз|отвяз|сеанс/i.test(text)),
    [],
  );
  assert.equal(ru.states.ready, 'Подключено');
  assert.match(ru.texts.by_phone, /^Подключить /);
});

test('Russian has one word for the state', () => {
  assert.deepEqual(
    russian.filter((text) => /статус/i.test(text)),
    [],
  );
  assert.notEqual(ru.texts.link_status, ru.texts.link_health);
});

test('Russian says what was asked of it', () => {
  assert.equal(
    ru.reasons.hosts_blocked.sentence,
    'доступ к серверам WhatsApp заблокирован (файрвол, прокси, фильтр)',
  );
  assert.equal(ru.reasons.logged_out.action, 'Дождитесь нового кода и отсканируйте его.');
  assert.equal(ru.texts.sandbox_lead, 'Виртуальный телефон — ниже.');
  assert.match(ru.retries.slowly, /^wad проверяет каждые несколько минут/);
});
