'use strict';
// The key of a message: fromMe_remote_id, with "out" or "in" for a note to oneself, and with who wrote it in a group.

__d('WAWebMsgKey', ['WAWebWidFactory', 'WAWebUserPrefsMeUser'], (require, exports) => {
  const { createWid } = require('WAWebWidFactory');
  const { getMaybeMePnUser } = require('WAWebUserPrefsMeUser');
  const wid = (value) => (value === undefined || value === null ? undefined : createWid(value));
  const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('').toUpperCase();

  class MsgKey {
    constructor(key) {
      if (!key) throw new Error('MsgKey error: obj is null/undefined');
      const fromMe = key.fromMe ?? key.selfDir === 'out';
      const self = key.from && key.to && String(key.from) === String(key.to) ? key.selfDir : key.self;
      this.fromMe = fromMe;
      this.remote = wid(key.remote ?? (fromMe ? key.to : key.from));
      this.id = key.id;
      if (self) this.self = self;
      if (key.participant) this.participant = wid(key.participant);
      this._serialized = [fromMe, this.remote, key.id, self, this.participant].filter((each) => each !== undefined).join('_');
    }

    equals(other) {
      return String(other) === this._serialized;
    }

    clone() {
      return new MsgKey(this);
    }

    toString() {
      return this._serialized;
    }

    // The time, who writes, and 16 random bytes; the first 9 bytes of their hash (read in the builds of April 2026).
    static async newId() {
      const head = new DataView(new ArrayBuffer(8));
      head.setBigUint64(0, BigInt(Math.floor(Date.now() / 1000)));
      const me = new TextEncoder().encode(String(getMaybeMePnUser()));
      const random = crypto.getRandomValues(new Uint8Array(16));
      const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...new Uint8Array(head.buffer), ...me, ...random]));
      return `3EB0${hex(new Uint8Array(hash).slice(0, 9))}`;
    }

    static from(key) {
      return typeof key === 'string' ? MsgKey.fromString(key) : new MsgKey(key);
    }

    static fromString(text) {
      const [fromMe, remote, id, ...rest] = text.split('_');
      if (!id) throw new Error(`MsgKey error: invalid key: ${text}`);
      const self = ['in', 'out'].includes(rest[0]) ? rest.shift() : undefined;
      return new MsgKey({ fromMe: fromMe === 'true', remote, id, self, participant: rest[0] });
    }
  }
  MsgKey.displayName = 'MsgKey';
  exports.default = MsgKey;
});
