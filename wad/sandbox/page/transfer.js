'use strict';
// The way of a file to the media server and back. Nothing is enciphered here: behind the content stand the first ten
// bytes of its HMAC under the key of the medium, as behind the real page's ciphertext.

__d('StandinSeal', [], (require, exports) => {
  const { encodeB64, decodeB64 } = require('WABase64');
  const LENGTH = 10;
  const SIGN = { name: 'HMAC', hash: 'SHA-256' };

  const mac = async (mediaKey, bytes) => {
    const key = await crypto.subtle.importKey('raw', decodeB64(mediaKey), SIGN, false, ['sign']);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes)).subarray(0, LENGTH);
  };

  class MediaDecryptionError extends Error {
    name = 'MediaDecryptionError';
  }
  const must = (held) => { if (!held) throw new MediaDecryptionError('hash mismatch'); };

  exports.LENGTH = LENGTH;
  exports.hash = async (bytes) => encodeB64(await crypto.subtle.digest('SHA-256', bytes));
  exports.newKey = () => encodeB64(crypto.getRandomValues(new Uint8Array(32)));
  exports.seal = async (mediaKey, blob) => {
    const sealed = new Uint8Array(blob.size + LENGTH);
    sealed.set(new Uint8Array(await blob.arrayBuffer()));
    sealed.set(await mac(mediaKey, sealed.subarray(0, blob.size)), blob.size);
    return sealed;
  };
  exports.open = async ({ mediaKey, encFilehash, filehash }, sealed) => {
    const content = sealed.slice(0, -LENGTH);
    must(!encFilehash || (await exports.hash(sealed)) === encFilehash);
    must(String(await mac(mediaKey, new Uint8Array(content))) === String(new Uint8Array(sealed.slice(-LENGTH))));
    must(!filehash || (await exports.hash(content)) === filehash);
    return content;
  };
});

// Without a network the status is 0 (measured).
__d('WAWebHttpErrors', [], (require, exports) => {
  const failed = (name) => class extends Error {
    constructor(status) {
      super(`${name}: status ${status}`);
      this.name = name;
      this.status = status;
    }
  };
  exports.HttpNetworkError = failed('HttpNetworkError');
  exports.HttpStatusCodeError = failed('HttpStatusCodeError');
  exports.request = async (url, options, read) => {
    try {
      const answer = await fetch(url, { cache: 'no-store', ...options });
      if (!answer.ok) throw new exports.HttpStatusCodeError(answer.status);
      return await read(answer);
    } catch (error) {
      if (error instanceof TypeError) throw new exports.HttpNetworkError(0);
      throw error;
    }
  };
});

__d('WAWebUploadManager', ['StandinSeal', 'WAWebHttpErrors'], (require, exports) => {
  const seal = require('StandinSeal');
  const { request } = require('WAWebHttpErrors');

  exports.encryptAndUpload = async ({ blob, type, signal, mediaKey = seal.newKey() }) => {
    const body = await seal.seal(mediaKey, blob);
    const encFilehash = await seal.hash(body);
    const name = encFilehash.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    // As a blob: the browser carries it over in a third of the time.
    const options = { method: 'POST', body: new Blob([body]), signal };
    const { url, direct_path: directPath } = await request(`/mms/${type}/${name}`, options, (answer) => answer.json());
    return { url, directPath, encFilehash, mediaKey, mediaKeyTimestamp: Math.floor(Date.now() / 1000) };
  };
});

__d('WAWebStartMediaUploadQpl', [], (require, exports) => {
  exports.startMediaUploadQpl = () => ({ addAnnotations() { return this; }, addPoint() { return this; } });
});

__d('WAWebMediaEntry', [], (require, exports) => {
  class EncryptedMediaEntry {
    constructor(values) { Object.assign(this, values); }
  }
  exports.EncryptedMediaEntry = EncryptedMediaEntry;
});

// A failure is no exception here, but a word (measured).
__d('WAWebMediaMmsV4Upload', ['WAWebUploadManager', 'WAWebMediaEntry'], (require, exports) => {
  const { encryptAndUpload } = require('WAWebUploadManager');
  const { EncryptedMediaEntry } = require('WAWebMediaEntry');

  exports.uploadMedia = async ({ mediaObject, mediaType, signal }) => {
    try {
      const { url, encFilehash, ...rest } = await encryptAndUpload({ blob: mediaObject.mediaBlob.forceToBlob(), type: mediaType, signal });
      const entry = { ...rest, encFilehash, uploadHash: encFilehash, mmsUrl: url, deprecatedMms3Url: url };
      return { kind: 'success', mediaEntry: new EncryptedMediaEntry(entry) };
    } catch (error) {
      return { kind: 'error', error };
    }
  };
});

__d('WAWebDownloadManager', ['StandinSeal', 'WAWebHttpErrors'], (require, exports) => {
  const { open } = require('StandinSeal');
  const { request } = require('WAWebHttpErrors');

  // Without somebody to tell of its progress it ends in a TypeError (measured).
  const downloadAndMaybeDecrypt = async ({ directPath, encFilehash, filehash, mediaKey, type, signal, downloadQpl }) => {
    downloadQpl.addAnnotations({ string: { media_type: type } });
    downloadQpl.addPoint('download_start');
    const sealed = await request(directPath, { signal }, (answer) => answer.arrayBuffer());
    downloadQpl.addPoint('download_end');
    return open({ mediaKey, encFilehash, filehash }, sealed);
  };
  exports.downloadManager = { downloadAndMaybeDecrypt };
});
