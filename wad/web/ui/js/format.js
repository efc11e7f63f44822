// How numbers, dates and codes are written. Pure: text in, text out.

// Country codes with one digit, and those with two; all others have three (ITU E.164).
const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(2[07]|3[0123469]|4[013456789]|5[12345678]|6[0123456]|8[1246]|9[0123458])/;
const PLATFORMS = {
  android: 'Android',
  iphone: 'iPhone',
  ios: 'iPhone',
  smba: 'Android, WhatsApp Business',
  smbi: 'iPhone, WhatsApp Business',
};

/** Write a pairing code as phones do: ABCD1234 is shown as ABCD-1234. */
export const groupedCode = (code) => `${code.slice(0, 4)}-${code.slice(4)}`;

/** Write a number with its groups: 79991234567@c.us becomes +7 999 123-45-67. */
export function phoneNumber(wid) {
  const digits = (wid ?? '').replace(/@.*$/, '').replace(/\D/g, '');
  const width = ONE_DIGIT.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
  return digits && `+${digits.slice(0, width)} ${grouped(digits.slice(width))}`.trim();
}

function grouped(national) {
  if (national.length === 10) {
    return national.replace(/^(...)(...)(..)(..)$/, '$1 $2-$3-$4');
  }
  // From the left in threes; a single last digit joins its neighbours.
  return national.replace(/(\d{3})(?=\d{2})/g, '$1 ');
}

/** Name the kind of phone as its maker does; a kind WhatsApp adds later stays as it is told. */
export const platformName = (slug) => PLATFORMS[(slug ?? '').toLowerCase()] ?? slug ?? '';

/** Write seconds that are left as clocks do: 178 is shown as 2:58. */
export const clockTime = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

// The largest that is not less than one of it is taken: 90 minutes are an hour, as a glance wants it.
const UNITS = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Write how long something has lasted, in seconds: 300 is shown as 5 min. What is to come is rounded up. */
export function duration(seconds, lang, round = Math.floor) {
  const [unit, size] = UNITS.find((each) => seconds >= each[1]) ?? UNITS.at(-1);
  return new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'short' }).format(round(seconds / size));
}

/** Write a day and time in full. */
export function fullTime(iso, lang) {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso));
}

/** Write a time for a list: today's without the day. */
export function listTime(iso, lang, now) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date(now).toDateString();
  const day = today ? {} : { day: 'numeric', month: 'short' };
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  return new Intl.DateTimeFormat(lang, { ...day, ...time }).format(at);
}

// As WhatsApp counts: a thousand bytes are a kilobyte.
const SIZES = [
  ['gigabyte', 1e9],
  ['megabyte', 1e6],
  ['kilobyte', 1e3],
];

/** Write how large a file is: 48213 bytes are shown as 48 kB, 325 as 0.3 kB. */
export function fileSize(bytes, lang) {
  const [unit, size] = SIZES.find((each) => bytes >= each[1]) ?? SIZES.at(-1);
  // Nothing but an empty file is shown as none.
  const number = bytes ? Math.max(0.1, bytes / size) : 0;
  const maximumFractionDigits = number < 10 ? 1 : 0;
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits };
  return new Intl.NumberFormat(lang, options).format(number);
}

/** Write a day: in full but for the year, where that is this one. */
export function dayName(at, lang, now) {
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' };
  return new Intl.DateTimeFormat(lang, { weekday: 'short', day: 'numeric', month: 'long', ...year }).format(at);
}

/** Write a time of day. */
export const timeOfDay = (at, lang) =>
  new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit' }).format(at);

/** Write when a chat was last written in: today's time, else the day. */
export function chatTime(at, lang, now) {
  if (at.toDateString() === new Date(now).toDateString()) return timeOfDay(at, lang);
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' };
  return new Intl.DateTimeFormat(lang, { day: 'numeric', month: 'short', ...year }).format(at);
}
