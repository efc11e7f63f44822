// What is shown of a contact that somebody sent.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cardOf } from '../../../wad/web/ui/js/vcard.js';

const card = (...lines) => cardOf(['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD'].join('\r\n'));

test('a card has a name and numbers', () => {
  assert.deepEqual(card('N:Hopper;Grace;;;', 'FN:Grace Hopper', 'item1.TEL;waid=15550002222:+1 555 000-2222'), {
    name: 'Grace Hopper',
    numbers: ['+1 555 000-2222'],
  });
});

test('without a whole name its parts are one', () => {
  assert.equal(card('N:Hopper;Grace').name, 'Grace Hopper');
});

test('long lines go on below, and signs of the format are no part of a name', () => {
  assert.equal(card('FN:Hopper\\, Gra', ' ce\\nM.').name, 'Hopper, Grace M.');
});

test('what is no card has neither', () => {
  assert.deepEqual(cardOf('<b>nothing</b>'), { name: '', numbers: [] });
  assert.deepEqual(cardOf(''), { name: '', numbers: [] });
});
