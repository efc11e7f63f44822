'use strict';
// Whether there is a network. The page asks when its stream is lost, and then never by itself; a login says yes.

__d('WAWebNetworkStatus', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = importDefault('WAWebBaseModel');

  class NetworkStatus extends BaseModel {
    #asking = null;

    // Callers at one time share one question.
    checkOnline() {
      this.#asking ??= this.#ask().finally(() => { this.#asking = null; });
      return this.#asking;
    }

    async #ask() {
      this.online = await fetch('/status.json', { cache: 'no-store' }).then(() => true, () => false);
    }
  }
  exports.default = new NetworkStatus({ online: true });
});
