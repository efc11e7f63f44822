'use strict';
// The stream's model: nobody sets it, it follows from the socket's, from the network and from the registration.
//
// Read in the builds of April to September 2026, and measured on them: once the page has synced, no kind of loss
// leads out of MAIN, and one that is not registered is in QR.

__d('WAWebStreamModel', ['WAWebBaseModel', 'WAWebSocketModel', 'WAWebNetworkStatus', 'WAWebUserPrefsMultiDevice'], (require, exports) => {
  const BaseModel = importDefault('WAWebBaseModel');
  const { Socket } = require('WAWebSocketModel');
  const network = require('WAWebNetworkStatus');
  const { isRegistered } = require('WAWebUserPrefsMultiDevice');
  const { clock } = window.__standin;
  const BLOCKS = ['CONFLICT', 'TOS_BLOCK', 'SMB_TOS_BLOCK', 'DEPRECATED_VERSION'];
  // For how long a trouble that may pass is kept from the eye, by what is shown meanwhile.
  const PATIENCE = { NORMAL: 18000, OFFLINE: 3000 };
  let late = null;

  const mode = () => {
    if (Socket.state === 'PROXYBLOCK') return 'PROXYBLOCK';
    if (!isRegistered() || ['UNPAIRED', 'UNPAIRED_IDLE'].includes(Socket.state)) return 'QR';
    if (BLOCKS.includes(Socket.state)) return Socket.state;
    if (Socket.hasSynced) return 'MAIN';
    return Socket.state === 'OPENING' && !network.online ? 'OFFLINE' : 'SYNCING';
  };

  const info = () => {
    if (Socket.state === 'OPENING') return network.online ? 'OPENING' : 'OFFLINE';
    if (Socket.state === 'PAIRING') return Socket.hasSynced ? 'RESUMING' : 'PAIRING';
    return Socket.state === 'CONNECTED' && !Socket.hasSynced ? 'SYNCING' : 'NORMAL';
  };

  class StreamModel extends BaseModel {
    // Only one who is available tells that something was seen.
    markAvailable() {
      this.#tell(true);
    }

    markUnavailable() {
      this.#tell(false);
    }

    #tell(available) {
      this.set({ available });
      require('StandinChat').send({ type: 'available', value: available });
    }
  }
  const Stream = new StreamModel({ mode: mode(), info: 'NORMAL', displayInfo: 'NORMAL', needsUpdate: false, available: false });

  const reveal = () => {
    late = null;
    Stream.set({ displayInfo: Stream.info });
  };

  const display = (told) => {
    if (told in PATIENCE) {
      clearTimeout(late);
      late = null;
      return told;
    }
    if (!(Stream.displayInfo in PATIENCE)) return told;
    late ??= clock.after(PATIENCE[Stream.displayInfo], reveal);
    return Stream.displayInfo;
  };

  const update = () => {
    const told = info();
    Stream.set({ mode: mode(), info: told, displayInfo: display(told) });
  };

  Socket.on('change:state change:stream change:hasSynced', update);
  network.on('change:online', update);
  exports.Stream = Stream;
});
