'use strict';
// A medium that came: how far the page is with it, by stages, and what it does when the media server no longer has it.

__d('StandinDownloads', ['WAWebMediaData', 'WAWebMediaStorage', 'WAWebMediaOpaqueData', 'WAWebMediaInMemoryBlobCache', 'WAWebMediaDataUtils', 'WAWebDownloadManager'], (require, exports) => {
  const chat = require('StandinChat');
  const MediaData = require('WAWebMediaData');
  const { getOrCreateMediaObject } = require('WAWebMediaStorage');
  const OpaqueData = require('WAWebMediaOpaqueData');
  const { InMemoryMediaBlobCache } = require('WAWebMediaInMemoryBlobCache');
  const { shouldUseMediaCache } = require('WAWebMediaDataUtils');
  const { downloadManager } = require('WAWebDownloadManager');
  const EXPIRED = [404, 410];
  const open = new Map(); // message → who waits for its medium
  const qpl = { addAnnotations() { return this; }, addPoint() { return this; } };

  // Of a file that went out or came before, this page still has the content.
  exports.mediaDataOf = (model) => {
    const { type, mimetype, filehash, size, width, height, duration, isGif, filename } = model;
    const { mediaBlob } = getOrCreateMediaObject(filehash);
    const known = { type, mimetype, filehash, size, width, height, duration, isGif, filename, mediaBlob };
    const mediaData = new MediaData({ ...known, mediaStage: mediaBlob ? 'RESOLVED' : 'INIT' });
    mediaData.on('change:mediaStage', (_, now, before) => model.trigger('change:mediaData.mediaStage', model, now, before));
    return mediaData;
  };

  const fetched = async ({ directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type, mimetype }) => {
    const { signal } = new AbortController();
    const file = { directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type, signal, downloadQpl: qpl };
    return OpaqueData.createFromData(await downloadManager.downloadAndMaybeDecrypt(file), mimetype);
  };

  const resolve = (model, mediaBlob) => {
    const { mediaData, mediaObject, filehash, type } = model;
    mediaObject.consolidate({ ...mediaData.toJSON(), mediaBlob });
    if (shouldUseMediaCache(type)) InMemoryMediaBlobCache.put(filehash, mediaBlob.formData());
    mediaData.set({ mediaBlob, mediaStage: 'RESOLVED' });
  };

  // What has expired at the media server the phone is asked to upload again; whether it does is told later.
  const failed = ({ id, mediaData }, { status }) => {
    const expired = EXPIRED.includes(status);
    mediaData.set({ mediaStage: expired ? 'REUPLOADING' : 'ERROR_UNKNOWN' });
    if (expired) chat.send({ type: 'media-retry', about: id.id });
  };

  const run = async (model) => {
    model.mediaData.set({ mediaStage: 'FETCHING' });
    try {
      resolve(model, await fetched(model));
    } catch (error) {
      failed(model, error);
    }
  };

  // It ends without an exception, whatever became of it: the stage tells.
  exports.download = (model) => {
    if (['RESOLVED', 'REUPLOADING'].includes(model.mediaData.mediaStage)) return Promise.resolve();
    if (!open.has(model)) open.set(model, run(model).finally(() => open.delete(model)));
    return open.get(model);
  };
  exports.uploadedAgain = (model, found) => {
    if (model.mediaData?.mediaStage !== 'REUPLOADING') return;
    model.mediaData.set({ mediaStage: found ? 'INIT' : 'ERROR_MISSING' });
    if (found) exports.download(model);
  };
});
