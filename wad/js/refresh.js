// Asks for a new batch of codes when the page has used up the last one; gives what was done.
//
// A button in [data-ref] alone does not tell: the offline overlay is a button there too.
(moduleOf) => {
  'use strict';
  const state = () => moduleOf('WAWebSocketModel')?.Socket?.state;
  if (state() !== 'UNPAIRED_IDLE') return 'not idle';
  const button = document.querySelector('[data-ref] button');
  if (button) button.click();
  if (state() !== 'UNPAIRED_IDLE') return 'clicked';
  const bus = moduleOf('WAWebBackendEventBus')?.BackendEventBus;
  if (typeof bus?.triggerRefreshQR !== 'function') return button ? 'clicked' : 'no way';
  bus.triggerRefreshQR();
  return 'triggered';
}
