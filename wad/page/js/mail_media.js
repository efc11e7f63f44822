// Takes files up, brings them to WhatsApp's servers, and fetches those of messages.
//
// The way up is whatsapp-web.js' own (1.34.7): what is prepared is uploaded under its hash, and the message then names
// where it is. A failed upload does not throw, it is told by the lack of an entry; a prepared file may have become
// another kind of file (both measured). Nothing of a message exists before it is sent.
(modules, describe, find) => {
  'use strict';
  const MOST = 20;
  const AWAY = 60_000; // ms
  const files = new Map();
  const uploaded = new Map();

  // The oldest goes: what was held for a message that nobody sends any more.
  const put = (held, token, value) => {
    held.delete(token);
    held.set(token, value);
    if (held.size > MOST) held.delete(held.keys().next().value);
    return true;
  };

  const ASKED = { voice: { isPtt: true }, document: { asDocument: true }, sticker: { asSticker: true } };

  // The page's limits are by these names (measured: image, video, audio, sticker and document).
  const tooLarge = (file, kind) => {
    const gating = modules('WAWebMediaGatingUtils', 'getUploadLimit');
    const limit = Number(gating?.getUploadLimit(kind === 'voice' ? 'audio' : kind));
    return Number.isFinite(limit) && limit > 0 && file.size > limit;
  };

  const opaque = (data, mimetype) => modules('WAWebMediaOpaqueData', 'createFromData').createFromData(data, mimetype);

  const prepared = async (file, kind) => {
    const { prepRawMedia } = modules('WAWebPrepRawMedia', 'prepRawMedia');
    return prepRawMedia(await opaque(file, file.type), ASKED[kind] ?? {}).waitForPrep();
  };

  const brought = async (data) => {
    const OpaqueData = modules('WAWebMediaOpaqueData', 'createFromData');
    const { getOrCreateMediaObject } = modules('WAWebMediaStorage', 'getOrCreateMediaObject');
    const { msgToMediaType } = modules('WAWebMmsMediaTypes', 'msgToMediaType');
    const { uploadMedia } = modules('WAWebMediaMmsV4Upload', 'uploadMedia');
    const mediaObject = getOrCreateMediaObject(data.filehash);
    if (data.type === 'ptt') data.waveform ??= mediaObject.contentInfo?.waveform;
    if (!(data.mediaBlob instanceof OpaqueData)) data.mediaBlob = await opaque(data.mediaBlob, data.mediaBlob.type);
    data.renderableUrl = data.mediaBlob.url();
    mediaObject.consolidate(data.toJSON());
    data.mediaBlob.autorelease();
    const mediaType = msgToMediaType({ type: data.type, isGif: data.isGif });
    const { mediaEntry: entry } = await uploadMedia({ mimetype: data.mimetype, mediaObject, mediaType });
    if (!entry) return false;
    data.set({
      ...{ clientUrl: entry.mmsUrl, deprecatedMms3Url: entry.deprecatedMms3Url, directPath: entry.directPath },
      ...{ mediaKey: entry.mediaKey, mediaKeyTimestamp: entry.mediaKeyTimestamp, filehash: mediaObject.filehash },
      ...{ encFilehash: entry.encFilehash, uploadhash: entry.uploadHash, size: mediaObject.size },
      ...{ streamingSidecar: entry.sidecar, firstFrameSidecar: entry.firstFrameSidecar },
    });
    return true;
  };

  const upload = async ({ key, kind, mimetype, filename }) => {
    const held = files.get(key);
    files.delete(key);
    if (!held) return { failed: 'no file' };
    if (tooLarge(held, kind)) return { refused: 'too_large' };
    const file = new File([held], filename ?? '', { type: mimetype });
    let data;
    try {
      data = await prepared(file, kind);
    } catch (error) {
      // Of what it can make nothing of the page says so by a name that begins so (measured).
      if (/InvalidMedia/.test(`${error?.name} ${error?.message} ${error}`)) return { refused: 'unsupported_media' };
      throw error;
    }
    if (!data.filehash) return { refused: 'unsupported_media' };
    if (!(await brought(data))) return { failed: 'upload' };
    put(uploaded, key, { data, filename });
    return { done: true };
  };

  // What a message says of the file that was uploaded under its key; null where none is.
  const fields = (key, caption) => {
    const entry = uploaded.get(key);
    if (!entry) return null;
    uploaded.delete(key);
    const { data, filename } = entry;
    const named = data.type === 'document' ? { filename: filename ?? undefined } : {};
    return { ...data, ...data.toJSON(), ...named, body: data.preview, caption: caption || undefined };
  };

  // The page's own measurements, which the download wants, and wad has no use for.
  const downloadQpl = { addAnnotations() { return this; }, addPoint() { return this; } };

  const stage = (model) => String(model.mediaData?.mediaStage ?? '');
  const underWay = (model) => ['FETCHING', 'REUPLOADING', 'DECRYPTING'].includes(stage(model));

  // Of a file that has expired the page asks the phone, which may be away: then it does not wait for ever.
  const settled = async (model) => {
    const end = performance.now() + AWAY;
    while (underWay(model) && performance.now() < end) {
      await new Promise((done) => {
        const timer = setTimeout(done, 1000);
        model.mediaData.once?.('change:mediaStage', () => { clearTimeout(timer); done(); });
      });
    }
  };

  const fetch = async (id, token) => {
    const model = await find(id);
    if (!model?.mediaData) return { expired: true };
    if (stage(model) !== 'RESOLVED') {
      await model.downloadMedia({ downloadEvenIfExpensive: true, rmrReason: 1 });
      await settled(model);
    }
    if (stage(model).includes('MISSING')) return { expired: true };
    if (underWay(model)) return { unreachable: stage(model) };
    const { downloadManager } = modules('WAWebDownloadManager', 'downloadManager');
    const { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type } = model;
    const wanted = { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type, downloadQpl };
    try {
      const content = await downloadManager.downloadAndMaybeDecrypt({ ...wanted, signal: new AbortController().signal });
      return put(files, token, new Blob([content])) && { size: content.byteLength };
    } catch (error) {
      if ([404, 410].includes(Number(error?.status))) return { expired: true };
      return { unreachable: describe(error) };
    }
  };

  const drop = (token) => ({ done: files.delete(token) });

  return { hold: (token, file) => put(files, token, file), held: (token) => files.get(token), fields, upload, fetch, drop };
}
