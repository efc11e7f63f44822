'use strict';
// The two buses between the page's parts.

__d('WAWebBackendEventBus', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');

  class BackendEventBus extends EventEmitter {
    triggerRefreshQR() {
      this.trigger('refresh_qr');
    }
  }
  exports.BackendEventBus = new BackendEventBus();
});

// `Cmd.refreshQR` and `Cmd.isMainLoaded` are gone from the page, though peers still call them.
__d('WAWebCmd', ['WAWebEventEmitter'], (require, exports) => {
  const EventEmitter = importDefault('WAWebEventEmitter');
  exports.Cmd = new EventEmitter();
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
