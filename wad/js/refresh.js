// Has the page show QR codes: again after a code to type, and a new batch when the last one is used up; gives what
// was done.
//
// A button in [data-ref] alone does not tell: the offline overlay is a button there too.
async (moduleOf, key) => {
  'use strict';
  const observer = window[Symbol.for(key)];
  const back = Boolean(observer?.pairing);
  if (back) {
    await moduleOf('WAWebAltDeviceLinkingApi')?.initializeQRLinking();
    observer.pairing = null;
  }
  const state = () => moduleOf('WAWebSocketModel')?.Socket?.state;
  if (state() !== 'UNPAIRED_IDLE') return back ? 'back to the code' : 'not idle';
  const button = document.querySelector('[data-ref] button');
  if (button) button.click();
  if (state() !== 'UNPAIRED_IDLE') return 'clicked';
  // Which of the two a build has differs (both were read in pages of 2026).
  const bus = moduleOf('WAWebBackendEventBus')?.BackendEventBus;
  const launch = moduleOf('WAWebLaunchSocketUtils');
  if (typeof bus?.triggerRefreshQR === 'function') bus.triggerRefreshQR();
  else if (typeof launch?.refreshQR === 'function') launch.refreshQR();
  else return button ? 'clicked' : 'no way';
  return 'triggered';
}
