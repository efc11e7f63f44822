// Has the page show QR codes: again after a code to type, and a new batch when the last one is used up; gives what
// was done.
//
// A button in [data-ref] alone does not tell: the offline overlay is a button there too.
async (moduleOf, onDemand, describe, key) => {
  'use strict';
  const observer = window[Symbol.for(key)];
  const state = () => moduleOf('WAWebSocketModel')?.Socket?.state;
  // Which of the two a build has differs (both were read in pages of 2026).
  const newBatch = () => {
    const bus = moduleOf('WAWebBackendEventBus')?.BackendEventBus;
    const launch = onDemand(moduleOf, 'WAWebLaunchSocketUtils');
    if (typeof bus?.triggerRefreshQR === 'function') bus.triggerRefreshQR();
    else if (typeof launch?.refreshQR === 'function') launch.refreshQR();
    else return false;
    return true;
  };
  if (observer?.pairing && observer.pairing.end === null) {
    // Its late answer would spoil what comes next: see pair.js.
    setTimeout(() => location.reload(), 0);
    return 'another document';
  }
  if (observer?.pairing) {
    await onDemand(moduleOf, 'WAWebAltDeviceLinkingApi')?.initializeQRLinking();
    // What may still be drawn holds the secret of before, and is dead; only a new batch is drawn anew.
    newBatch();
    observer.pairing = null;
    return 'back to the code';
  }
  if (state() !== 'UNPAIRED_IDLE') return 'not idle';
  const button = document.querySelector('[data-ref] button');
  if (button) button.click();
  if (state() !== 'UNPAIRED_IDLE') return 'clicked';
  if (newBatch()) return 'triggered';
  return button ? 'clicked' : 'no way';
}
