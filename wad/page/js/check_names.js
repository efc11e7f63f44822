// Tells which of the names that wad relies upon the page has. Runs no module.
//
// names: each "Module.member.member", with "()" behind a function. Gives {version, linked, found}; found has for each
// name true, false, or null where that cannot be told: the module is defined and has not run, as those that are run
// only when somebody wants them.
(moduleOf, names) => {
  'use strict';
  const { modulesMap } = window.require('__debug');

  // Walks the members; `in` tells an attribute without a value, as a code's that is not there yet, from none.
  const reached = (held, members) => {
    for (const member of members) {
      if (held === null || held === undefined || !(member in Object(held))) return { there: false };
      held = held[member];
    }
    return { there: true, held };
  };

  const has = (name) => {
    const [id, ...members] = name.replace('()', '').split('.');
    if (!modulesMap[id]) return false;
    const module = moduleOf(id);
    if (module === null || module === undefined) return null;
    const { there, held } = reached(module, members);
    return there && (!name.endsWith('()') || typeof held === 'function');
  };

  const attempt = (look) => {
    try {
      return look() ?? null;
    } catch {
      return null;
    }
  };

  return {
    version: attempt(() => moduleOf('WAWebBuildConstants').VERSION_STR),
    linked: attempt(() => moduleOf('WAWebUserPrefsMultiDevice').isRegistered()),
    found: Object.fromEntries(names.map((name) => [name, attempt(() => has(name))])),
  };
}
