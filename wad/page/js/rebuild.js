// Puts the code's text together from its five parts, for builds whose DOM does not carry it.
//
// Gives {ref, text}; rejects when a part is not there. The order of the fields is the page's own:
// ref, noise key, identity key, ADV secret, platform.
async (moduleOf) => {
  'use strict';
  const encode = (bytes) => moduleOf('WABase64').encodeB64(bytes);
  const noise = await moduleOf('WAWebUserPrefsInfoStore').waNoiseInfo.get();
  const registration = await moduleOf('WAWebSignalStoreApi').waSignalStore.getRegistrationInfo();
  const secretHolder = [moduleOf('WAWebAdvSignatureApi'), moduleOf('WAWebUserPrefsMultiDevice')].find(
    (module) => typeof module?.getADVSecretKey === 'function',
  );
  const ref = moduleOf('WAWebConnModel').Conn.ref;
  const parts = [
    ref,
    encode(noise.staticKeyPair.pubKey),
    encode(registration.identityKeyPair.pubKey),
    await secretHolder.getADVSecretKey(),
    moduleOf('WAWebCompanionRegClientUtils').DEVICE_PLATFORM,
  ];
  if (parts.some((part) => !part)) throw new Error('a part of the code is missing');
  return { ref, text: parts.join(',') };
}
