// Gives a module of the page that has run already, else null.
//
// A module that has not run must not be required: its factory would run too early and break the page.
(id) => {
  'use strict';
  try {
    const entry = window.require('__debug').modulesMap[id];
    return entry && entry.factoryFinished ? window.require(id) : null;
  } catch {
    return null;
  }
}
