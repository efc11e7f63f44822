'use strict';
// Who is who: "15551234567:3@c.us" is number, device and server; a person has no device. Servers are c.us (numbers),
// lid (identifiers that hide the number), g.us (groups), broadcast and newsletter.

__d('WAWebWid', [], (require, exports) => {
  const FORM = /^([\w.-]+)(?::(\d+))?@(c\.us|lid|g\.us|broadcast|newsletter|bot|s\.whatsapp\.net)$/;

  class Wid {
    constructor(text) {
      const found = typeof text === 'string' && FORM.exec(text);
      // Bare digits and a leading + are refused, too (measured).
      if (!found) throw new Error('wid error: invalid wid');
      const [, user, device, server] = found;
      this.server = server;
      this.user = user;
      if (device) this.device = Number(device);
      this._serialized = text;
    }

    static isXWid(server, wid) { return Wid.isWid(wid) && new Wid(String(wid)).server === server; }
    static isWid(wid) { return FORM.test(String(wid)); }

    isLid() { return this.server === 'lid'; }
    isRegularUserPn() { return this.server === 'c.us'; }
    isUser() { return this.isLid() || this.isRegularUserPn(); }
    isRegularUser() { return this.isUser(); }
    isGroup() { return this.server === 'g.us'; }
    isStatus() { return this._serialized === 'status@broadcast'; }
    isBroadcast() { return this.server === 'broadcast'; }
    isBroadcastList() { return this.isBroadcast() && !this.isStatus(); }
    isNewsletter() { return this.server === 'newsletter'; }
    isBot() { return this.server === 'bot'; }
    isPSA() { return false; }
    isServer() { return false; }
    isCompanion() { return this.device !== undefined; }
    equals(other) { return String(other) === this._serialized; }
    toJid() { return this._serialized.replace('@c.us', '@s.whatsapp.net'); }
    toString() { return this._serialized; }
  }
  Wid.prototype.isEligibleForUSync = Wid.prototype.isUser;
  exports.default = Wid;
});

__d('WAWebWidFactory', ['WAWebWid'], (require, exports) => {
  const Wid = importDefault('WAWebWid');
  const person = (wid) => new Wid(String(wid).replace(/:\d+@/, '@'));
  const withServer = (user, server) => person(String(user).includes('@') || !server ? user : `${user}@${server}`);

  exports.createWid = (text) => new Wid(String(text));
  exports.createUserWid = withServer;
  exports.createUserWidOrThrow = (user, server = 'c.us') => exports.asUserWidOrThrow(withServer(user, server));
  exports.createUserLidOrThrow = (user) => exports.asUserLidOrThrow(withServer(user, 'lid'));
  exports.createDeviceWid = exports.createWid;
  exports.isWidlike = (value) => typeof value === 'object' && value !== null && 'user' in value && 'server' in value;
  exports.createWidFromWidLike = (value) => new Wid(exports.isWidlike(value) ? `${value.user}@${value.server}` : String(value));
  exports.asUserWidOrThrow = (wid) => {
    const found = person(wid);
    if (!found.isUser()) throw new Error('wid error: not a user wid');
    return found;
  };
  exports.asUserLidOrThrow = (wid) => {
    const found = person(wid);
    if (!found.isLid()) throw new Error('wid error: not a lid');
    return found;
  };
  exports.toUserWid = person;
});
