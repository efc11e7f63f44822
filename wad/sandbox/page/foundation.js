'use strict';
// What every other module stands on: events, models, base64, the build.

__d('WAWebEventEmitter', [], (require, exports) => {
  // Names may be several, separated by spaces. A listener that throws does not stop the next.
  class EventEmitter {
    #listeners = new Map();

    on(names, callback, context) {
      for (const name of names.split(' ')) {
        const list = this.#listeners.get(name) ?? [];
        this.#listeners.set(name, [...list, { callback, context, original: callback }]);
      }
      return this;
    }

    once(names, callback, context) {
      for (const name of names.split(' ')) {
        const wrapper = (...values) => {
          this.off(name, callback);
          callback.apply(context ?? this, values);
        };
        const list = this.#listeners.get(name) ?? [];
        this.#listeners.set(name, [...list, { callback: wrapper, context, original: callback }]);
      }
      return this;
    }

    off(names, callback) {
      if (names === undefined) this.#listeners.clear();
      for (const name of names?.split(' ') ?? []) {
        const kept = (this.#listeners.get(name) ?? []).filter((each) => callback && each.original !== callback);
        this.#listeners.set(name, kept);
      }
      return this;
    }

    trigger(name, ...values) {
      for (const { callback, context } of this.#listeners.get(name) ?? []) {
        try {
          callback.apply(context ?? this, values);
        } catch (error) {
          reportError(error);
        }
      }
      return this;
    }
  }
  EventEmitter.prototype.addListener = EventEmitter.prototype.on;
  EventEmitter.prototype.removeListener = EventEmitter.prototype.off;
  EventEmitter.prototype.emit = EventEmitter.prototype.trigger;
  exports.default = EventEmitter;
});

__d('WAWebBaseModel', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');

  // Attributes are properties; every real change triggers `change:name` (model, value, before), then `change`. What a
  // model triggers its collections trigger, too.
  class BaseModel extends EventEmitter {
    #attributes = {};
    #collections = new Set();

    constructor(attributes = {}) {
      super();
      this.#declare(attributes);
      Object.assign(this.#attributes, attributes);
    }

    #declare(values) {
      for (const name of Object.keys(values)) {
        if (name in this.#attributes) continue;
        this.#attributes[name] = undefined;
        Object.defineProperty(this, name, {
          enumerable: true,
          configurable: true,
          get: () => this.#attributes[name],
          set: (value) => { this.set({ [name]: value }); },
        });
      }
    }

    get attributes() {
      return this.#attributes;
    }

    trigger(name, ...values) {
      super.trigger(name, ...values);
      for (const each of this.#collections) each.trigger(name, ...values);
      return this;
    }

    join(collection) {
      this.#collections.add(collection);
    }

    leave(collection) {
      this.#collections.delete(collection);
    }

    get(name) {
      return this.#attributes[name];
    }

    set(values, value) {
      const all = typeof values === 'string' ? { [values]: value } : values;
      const changed = Object.keys(all).filter((name) => this.#attributes[name] !== all[name]);
      const before = { ...this.#attributes };
      this.#declare(all);
      Object.assign(this.#attributes, all);
      for (const name of changed) this.trigger(`change:${name}`, this, this.#attributes[name], before[name]);
      if (changed.length) this.trigger('change', this);
      return this;
    }

    serialize() {
      return { ...this.#attributes };
    }

    toJSON() {
      return this.serialize();
    }
  }
  exports.default = BaseModel;
});

__d('WABase64', [], (require, exports) => {
  exports.encodeB64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  exports.decodeB64 = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer;
});

__d('WAWebBuildConstants', [], (require, exports) => {
  exports.VERSION_STR = window.__standin.config.build;
  // Without what stands behind it in the builds of some users (read in a peer).
  exports.SANITIZED_VERSION_STR = exports.VERSION_STR;
});

__d('WAWebMiscBrowserUtils', [], (require, exports) => {
  exports.info = () => ({ os: 'Linux', name: 'Chrome', version: navigator.userAgent });
});
