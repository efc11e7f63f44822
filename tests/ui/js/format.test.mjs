// How numbers, codes and times are written; how bold names are found.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  chatTime,
  clockTime,
  dayName,
  duration,
  fileSize,
  fullTime,
  groupedCode,
  listTime,
  phoneNumber,
  platformName,
} from '../../../wad/web/ui/js/format.js';

test('a pairing code is shown in two halves', () => {
  assert.equal(groupedCode('ABCD1234'), 'ABCD-1234');
});

test('time left is written as clocks do', () => {
  assert.equal(clockTime(178), '2:58');
  assert.equal(clockTime(60), '1:00');
  assert.equal(clockTime(9), '0:09');
});

const NUMBERS = {
  '79991234567@c.us': '+7 999 123-45-67',
  '15551234567@c.us': '+1 555 123-45-67',
  4915112345678: '+49 151 123 456 78',
  380501234567: '+380 501 234 567',
  447911123456: '+44 791 112-34-56',
  12345: '+1 2345',
};

for (const [wid, shown] of Object.entries(NUMBERS)) {
  test(`${wid} is written ${shown}`, () => {
    assert.equal(phoneNumber(wid), shown);
    assert.equal(phoneNumber(wid).replace(/\D/g, ''), wid.replace(/\D/g, ''));
  });
}

test('no number is no text', () => {
  assert.equal(phoneNumber(null), '');
  assert.equal(phoneNumber('@c.us'), '');
});

test('kinds of phones have their makers’ names; one that is new stays as it is', () => {
  assert.equal(platformName('android'), 'Android');
  assert.equal(platformName('iphone'), 'iPhone');
  assert.equal(platformName('sailfish'), 'sailfish');
  assert.equal(platformName(null), '');
});

test('in a list, today’s times go without the day', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  assert.doesNotMatch(listTime('2026-11-24T11:59:58Z', 'en-GB', now), /Nov/);
  assert.match(listTime('2026-11-20T11:59:58Z', 'en-GB', now), /20 Nov/);
  assert.match(fullTime('2026-11-20T11:59:58Z', 'ru'), /ноября/);
});

test('how long something has lasted is told in its largest unit', () => {
  assert.equal(duration(0, 'en'), '0 sec');
  assert.equal(duration(59.9, 'en'), '59 sec');
  assert.equal(duration(5400, 'en'), '1 hr');
  assert.equal(duration(5400, 'en', Math.ceil), '2 hr');
  assert.equal(duration(300, 'ru').replace(/\s/, ' '), '5 мин');
  assert.equal(duration(3 * 86400, 'en'), '3 days');
});

test('how large a file is is told in its largest unit, and only an empty one is nothing', () => {
  assert.equal(fileSize(48213, 'en'), '48 kB');
  assert.equal(fileSize(4100, 'en'), '4.1 kB');
  assert.equal(fileSize(104857600, 'en'), '105 MB');
  assert.equal(fileSize(6, 'en'), '0.1 kB');
  assert.equal(fileSize(0, 'en'), '0 kB');
  assert.equal(fileSize(48213, 'ru').replace(/\s/, ' '), '48 кБ');
});

test('in the list of chats today has its time and another day its name', () => {
  const now = new Date(2026, 10, 24, 12, 0);
  assert.match(chatTime(new Date(2026, 10, 24, 9, 5), 'en-GB', now), /^09:05$/);
  assert.match(chatTime(new Date(2026, 10, 20, 9, 5), 'en-GB', now), /^20 Nov/);
  assert.match(dayName(new Date(2025, 10, 20), 'en-GB', now), /2025/);
  assert.doesNotMatch(dayName(new Date(2026, 10, 20), 'en-GB', now), /2026/);
});
