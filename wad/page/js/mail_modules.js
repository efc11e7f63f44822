// Gives a lookup of the page's modules: by name, and where a build has renamed one, by the members it must have.
//
// (id, ...members) gives the module, or null. All of them are asked for only once the page is linked and in step: what
// has not run by then is run by asking for it, and does no harm (measured for all that whatsapp-web.js uses).
(moduleOf, onDemand) => {
  'use strict';
  const found = new Map();
  const has = (module, members) => Boolean(module) && members.every((name) => name in Object(module));

  const byMembers = (members) => {
    for (const [id, entry] of Object.entries(window.require('__debug').modulesMap)) {
      const module = entry?.factoryFinished ? moduleOf(id) : null;
      if (has(module, members)) return module;
    }
    return null;
  };

  return (id, ...members) => {
    if (found.has(id)) return found.get(id);
    const named = onDemand(moduleOf, id);
    const module = has(named, members) ? named : byMembers(members);
    if (module) found.set(id, module);
    return module;
  };
}
