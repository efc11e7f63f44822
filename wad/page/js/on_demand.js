// Gives a module of the page that is run only when somebody wants it; null where the build has no such module.
//
// Of the modules that an unlinked page has defined many have not run (measured on build 2.3000.1037305791): what
// links by number is among them. To require one that is defined does no harm there; one that is not throws.
(moduleOf, id) => {
  'use strict';
  try {
    return moduleOf(id) ?? window.require(id) ?? null;
  } catch {
    return null;
  }
}
