// How numbers, codes and times are written; how bold names are found.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clockTime, fullTime, groupedCode, listTime, phoneNumber, platformName } from '../../../wad/web/ui/js/format.js';

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
