// How large a code is drawn: as large as there is room for, in whole pixels of the screen.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { wholePixels } from '../../../wad/web/ui/js/pixels.js';

test('a code takes what room there is', () => {
  assert.equal(wholePixels(77, 326, 1), 308);
  assert.equal(wholePixels(77, 308, 1), 308);
  assert.equal(wholePixels(77, 307, 1), 231);
});

test('each module has a whole number of the screen’s pixels', () => {
  for (const ratio of [1, 1.25, 1.5, 2, 2.625, 3]) {
    const pixels = (wholePixels(77, 326, ratio) * ratio) / 77;
    assert.ok(Math.abs(pixels - Math.round(pixels)) < 1e-9, `${ratio}`);
  }
});

test('where there is no room, a module still has a pixel', () => {
  assert.equal(wholePixels(77, 20, 1), 77);
});
