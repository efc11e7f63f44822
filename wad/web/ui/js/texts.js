// Which language the page speaks, and its words in it. Only this module knows that there are two.

import * as en from './texts/en.js';
import * as ru from './texts/ru.js';
import { local } from './storage.js';

const TABLES = { en, ru };
const KEPT = 'wad.language';
// Messages of the status begin so (wad/reports/documents.py); what follows is the reason's sentence.
const NOT_READY = 'WhatsApp client not ready: ';

export const LANGUAGES = Object.keys(TABLES);

/** Give the first of the reader's languages that the page speaks; English if there is none. */
export function pick(languages) {
  const known = languages.map((tag) => tag.toLowerCase().split('-')[0]);
  return known.find((tag) => tag in TABLES) ?? 'en';
}

let lang = 'en';
let asked = [];

/** Give the language in force: `en` or `ru`. */
export const language = () => lang;

/** Give the language with the reader's own country, where he named one: it decides how times are written. */
export const locale = () =>
  asked.find((tag) => pick([tag]) === lang && tag.toLowerCase().startsWith(lang)) ?? lang;

/** Take the language the reader chose before, else the one the browser asks for. */
export function chooseLanguage(languages) {
  asked = languages;
  const kept = local.get(KEPT);
  lang = kept in TABLES ? kept : pick(languages);
}

/** Speak another language from now on, and after a reload. */
export function keepLanguage(choice) {
  lang = choice in TABLES ? choice : lang;
  local.set(KEPT, lang);
}

/** Give the text `key`; a text with a number or a name in it takes them as arguments. */
export function t(key, ...args) {
  const text = TABLES[lang].texts[key];
  if (text === undefined) throw new Error(`no text "${key}"`);
  return typeof text === 'function' ? text(...args) : text;
}

export const stateName = (slug) => TABLES[lang].states[slug] ?? slug;
export const phaseLine = (slug) => TABLES[lang].phases[slug] ?? slug;
export const retryLine = (kind) => TABLES[lang].retries[kind];

/** Make a sentence out of a half one: "the browser died" is shown as "The browser died". */
export const capitalised = (text) => text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);

/** Say why: in English as the server says it, else by our table, and in the server's words if it is new. */
export function sentenceOf(reason, message = '') {
  const said = message.startsWith(NOT_READY) ? message.slice(NOT_READY.length) : '';
  const own = TABLES[lang].reasons[reason]?.sentence;
  return capitalised((lang === 'en' ? said || own : own || said) || reason || '');
}

/** Say what a person can do; null where nothing is known. */
export function actionOf(reason, said = null) {
  const table = TABLES[lang];
  const own = table.reasons[reason]?.action;
  return table.actions[reason] ?? (lang === 'en' ? said || own : own || said) ?? null;
}

export const messageStateName = (slug) => TABLES[lang].messageStates[slug] ?? slug;

/** Say why a message failed and what a person can do about it: in English as the server says it, else by our table. */
export function failureText({ code, message = '', action = '' }) {
  const own = TABLES[lang].failures[code];
  const said = lang === 'en' ? { sentence: message || own?.sentence, action: action || own?.action } : own;
  return { sentence: capitalised(said?.sentence || message || code), action: said?.action || action || '' };
}

/** Say why a message was not accepted: one of those failures, or any other refusal, which has no action. */
export function refusalText(error) {
  const known = error.code in TABLES[lang].failures;
  return known ? failureText({ code: error.code, message: error.said }) : { sentence: errorText(error), action: '' };
}

/** Say what was refused: an error of api.js's, which bears the code and the server's sentence. */
export function errorText(error) {
  const { errors } = TABLES[lang];
  const own = errors[error.code];
  return capitalised((lang === 'en' ? error.said || own : own || error.said) || errors.other);
}
