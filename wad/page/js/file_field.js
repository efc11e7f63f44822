// Gives a field that takes a file, as a page makes one that opens a dialogue by itself: it is in no document.
() => {
  'use strict';
  const field = document.createElement('input');
  field.type = 'file';
  return field;
}
