// Has the page ask WhatsApp for a code to be typed on the phone of that number; gives {code}, or {refused} with the
// names of what kept it from that, or {anew} where the document is opened anew, to be asked again then.
//
// phone: digits, with the country code. life: how long WhatsApp takes the code, in ms (the page does not tell).
// The module's members and the order of the calls were read in the builds of April to September 2026; the second
// argument of the last one has the phone show a notification.
async (moduleOf, onDemand, describe, key, phone, life) => {
  'use strict';
  const observer = window[Symbol.for(key)];
  const api = onDemand(moduleOf, 'WAWebAltDeviceLinkingApi');
  if (!observer || !api) return { refused: 'no_such_module' };
  if (observer.pairing && observer.pairing.end === null) {
    // All requests share one state, and an unanswered one is never cancelled: its late answer would spoil this one
    // (read in the page's modules). Only another document is free of it.
    setTimeout(() => location.reload(), 0);
    return { anew: true };
  }
  // WhatsApp counts the code's life from before it is asked for one.
  const end = performance.now() + life;
  const mine = { code: null, end: null };
  observer.pairing = mine;
  const ask = async () => {
    api.setPairingType('ALT_DEVICE_LINKING');
    await api.initializeAltDeviceLinking();
    return api.startAltLinkingFlow(phone, true);
  };
  let code;
  try {
    // Eight characters; a build that groups them would put a dash in the middle.
    code = String(await ask()).replace('-', '');
  } catch (error) {
    // Told even if whoever asked has gone away meanwhile: the page is without any code now.
    if (observer.pairing === mine) observer.pairing = { code: null, end: 0 };
    return { refused: describe(error) };
  }
  // Meanwhile another number, or the QR code again, may have been asked for.
  if (observer.pairing !== mine) return { refused: 'overtaken' };
  observer.pairing = { code, end };
  return { code };
}
