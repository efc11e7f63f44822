'use strict';
// The buses between the page's parts, and what goes over which.

__d('WAWebBackendEventBus', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');

  class BackendEventBus extends EventEmitter {
    triggerRefreshQR() {
      this.trigger('refresh_qr');
    }
  }
  exports.BackendEvent = { OFFLINE_DELIVERY_END: 'offline_delivery_end', OFFLINE_PROCESS_READY: 'offline_process_ready', REFRESH_QR: 'refresh_qr' };
  exports.BackendEventBus = new BackendEventBus();
});

// `Cmd.refreshQR` and `Cmd.isMainLoaded` are gone from the page, though peers still call them.
__d('WAWebCmd', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');
  class CmdImpl extends EventEmitter {
    async sendRevokeMsgs(chat, { list }) {
      for (const each of list) await require('StandinMarks').revoke(each);
    }
  }
  exports.CmdImpl = CmdImpl;
  exports.Cmd = new CmdImpl();
});

__d('WAWebLinkDeviceEvents', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');
  exports.WAWebLinkDeviceEvents = new EventEmitter();
});

// What the part that talks to the servers has the other part do.
__d('WAWebBackendApi', ['WAWebLinkDeviceEvents', 'WAWebSocketModel'], (require, exports) => {
  const { WAWebLinkDeviceEvents } = require('WAWebLinkDeviceEvents');
  const { Socket } = require('WAWebSocketModel');
  const HANDLERS = {
    primaryHelloReceivedAltLinking: () => WAWebLinkDeviceEvents.trigger('link_device_events:primary_hello_received'),
    errorAltLinking: () => WAWebLinkDeviceEvents.trigger('link_device_events:error_alt_linking'),
    socketLogout: ({ reason }) => { Socket.logout(reason); },
  };
  exports.frontendFireAndForget = (name, values) => HANDLERS[name](values);
});

// What the page announces once. Older builds did it on the backend's bus, told the reason of a logout there, and of
// a ban its begin alone.
__d('StandinAnnouncements', ['WAWebCmd', 'WAWebBackendEventBus'], (require, exports, module) => {
  const { Cmd } = require('WAWebCmd');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const BY_EVENTS = {
    cmd: {
      banned: (ban) => Cmd.trigger('account_temporarily_banned_from_bridge', ban),
      unavailable: () => Cmd.trigger('service_unavailable_503_from_bridge'),
      leaving: () => Cmd.trigger('starting_logout_from_bridge'),
      letIn: () => Cmd.trigger('account_temporarily_banned_from_bridge', { banned: false }),
    },
    bus: {
      banned: (ban) => BackendEventBus.trigger('account_temporarily_banned', ban),
      unavailable: () => BackendEventBus.trigger('service_unavailable_503'),
      leaving: (reason) => BackendEventBus.trigger('starting_logout', reason),
      letIn: () => {},
    },
  };
  module.exports = BY_EVENTS[window.__standin.config.events];
});

__d('WAWebOfflineHandler', ['WAWebCmd'], (require, exports) => {
  const { Cmd } = require('WAWebCmd');
  let progress = 0;
  exports.OfflineMessageHandler = {
    getOfflineDeliveryProgress: () => progress,
    setOfflineDeliveryProgress: (percent) => {
      progress = percent;
      Cmd.trigger('offline_progress_update_from_bridge', percent);
    },
  };
});
