'use strict';
// The module system: definitions wait in a map, and a factory runs when its module is first required.
(() => {
  // What a driver sees. The page itself holds on to `own`, so that it goes on working after a module
  // has been taken out of the map, as a page does whose modules were renamed.
  const modulesMap = Object.create(null);
  const own = Object.create(null);
  const onDemand = new Set(['WAWebAltDeviceLinkingApi']);

  const unknown = (id) => new Error(`Requiring unknown module "${id}"`);

  const define = (id, dependencies, factory) => {
    if (id in own) return;
    if (document.currentScript?.dataset.runs === 'on demand') onDemand.add(id);
    own[id] = { id, dependencies, factory, factoryFinished: false, exports: {}, defaultExport: null, running: false };
    modulesMap[id] = own[id];
  };

  const finish = (module) => {
    module.running = true;
    const holder = { exports: module.exports };
    module.factory(requireOwn, holder.exports, holder);
    module.exports = holder.exports;
    module.defaultExport = holder.exports?.default ?? holder.exports;
    module.factoryFinished = true;
    module.factory = null;
  };

  function load(id) {
    const module = own[id];
    if (!module) throw unknown(id);
    // A module that is required before its dependencies came fails, as it does in the real page.
    for (const each of module.dependencies) if (!(each in own)) throw unknown(each);
    if (!module.factoryFinished && !module.running) finish(module);
    return module.exports;
  }

  // What others see of a thing whose member has another name now. Private fields want the thing itself as `this`;
  // and a proxy of it could not deny what it cannot lose.
  const without = (thing, [member, ...rest]) => new Proxy({}, {
    has: (_, name) => name in thing && (name !== member || rest.length > 0),
    get: (_, name) => {
      const value = thing[name];
      if (name === member && rest.length === 0) return undefined;
      if (name === member && Object(value) === value) return without(value, rest);
      return typeof value === 'function' ? value.bind(thing) : value;
    },
    set: (_, name, value) => Reflect.set(thing, name, value),
  });
  const moved = Object.create(null); // module → the paths of members that are no longer there
  // Whoever requires a module is given its default export, where it has one.
  const byDefault = (exported) => exported?.default ?? exported;

  const namespace = (id) => {
    if (!(id in modulesMap)) throw unknown(id);
    return load(id);
  };
  const seen = (id) => (moved[id] ?? []).reduce(without, byDefault(namespace(id)));
  const requirePublic = (id) => (id === '__debug' ? { modulesMap } : seen(id));
  const requireOwn = (id) => (id === '__debug' ? { modulesMap } : byDefault(load(id)));

  window.__standin.onDemand = onDemand;
  window.__standin.rename = (name) => {
    const [id, ...members] = name.split('.');
    if (members.length > 0) moved[id] = [...(moved[id] ?? []), members];
    else delete modulesMap[id];
  };
  window.__d = define;
  // The page's guard around errors, which drivers switch off before they require a module.
  window.ErrorGuard = { skipGuardGlobal: () => {} };
  window.require = requirePublic;
  window.importNamespace = namespace;
  window.importDefault = requirePublic;
  window.requireLazy = (ids, callback) => callback(...ids.map(requirePublic));
  for (const definition of window.__standin.definitions.splice(0)) define(...definition);
})();
