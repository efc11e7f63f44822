'use strict';
// The models a driver reads. What they do is elsewhere; here is what they hold.

__d('WAWebSocketModel', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = importDefault('WAWebBaseModel');

  class SocketModel extends BaseModel {
    logout(reason) {
      return require('StandinLogout').logout(reason);
    }

    reconnect() {
      require('StandinChat').reconnect();
    }

    takeover() {
      if (this.state !== 'CONFLICT') throw new Error('takeover: there is no conflict');
      location.reload();
    }
  }
  exports.Socket = new SocketModel({ state: 'UNLAUNCHED', stream: 'DISCONNECTED', hasSynced: false });
});

__d('WAWebConnModel', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = importDefault('WAWebBaseModel');
  exports.Conn = new BaseModel({
    ref: undefined,
    refTTL: undefined,
    wid: undefined,
    platform: undefined,
    pushname: undefined,
    isSMB: false,
    connected: false,
  });
});
