'use strict';
// What every other module stands on: events, models, base64, identifiers, the build.

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

  // Attributes are properties; every real change triggers `change:name` (model, value, before), then `change`.
  class BaseModel extends EventEmitter {
    #attributes = {};

    constructor(attributes) {
      super();
      for (const name of Object.keys(attributes)) {
        this.#attributes[name] = attributes[name];
        Object.defineProperty(this, name, {
          enumerable: true,
          get: () => this.#attributes[name],
          set: (value) => { this.set({ [name]: value }); },
        });
      }
    }

    get(name) {
      return this.#attributes[name];
    }

    set(values, value) {
      const all = typeof values === 'string' ? { [values]: value } : values;
      const changed = Object.keys(all).filter((name) => this.#attributes[name] !== all[name]);
      const before = { ...this.#attributes };
      Object.assign(this.#attributes, all);
      for (const name of changed) this.trigger(`change:${name}`, this, this.#attributes[name], before[name]);
      if (changed.length) this.trigger('change', this);
      return this;
    }

    serialize() {
      return { ...this.#attributes };
    }
  }
  exports.default = BaseModel;
});

__d('WABase64', [], (require, exports) => {
  exports.encodeB64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  exports.decodeB64 = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer;
});

__d('WAWebWidFactory', [], (require, exports) => {
  // "15551234567:3@c.us" is number, device and server; a person's identifier has no device.
  class Wid {
    constructor(text) {
      const [, user, device, server] = /^([^:@]+)(?::(\d+))?@(.+)$/.exec(text);
      this.server = server;
      this.user = user;
      if (device) this.device = Number(device);
      this._serialized = text;
    }

    toString() {
      return this._serialized;
    }
  }
  exports.createWid = (text) => new Wid(text);
  exports.createUserWid = (text) => new Wid(text.replace(/:\d+@/, '@'));
});

__d('WAWebBuildConstants', [], (require, exports) => {
  exports.VERSION_STR = window.__standin.config.build;
});

__d('WAWebMiscBrowserUtils', [], (require, exports) => {
  exports.info = () => ({ os: 'Linux', name: 'Chrome', version: navigator.userAgent });
});
