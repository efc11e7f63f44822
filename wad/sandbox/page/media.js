'use strict';
// Media as things: a file in the page's hands, what is known of it, and the places where both are found again.

__d('WAWebMediaOpaqueData', [], (require, exports) => {
  // A file that is passed around without being looked at. Its address lives as long as somebody holds it.
  class OpaqueDataBase {
    #blob;
    #url = null;
    #released = false;

    constructor(blob) { this.#blob = blob; }

    throwIfReleased() { if (this.#released) throw new Error('OpaqueData: already released'); }
    forceToBlob() {
      this.throwIfReleased();
      return this.#blob;
    }

    formData() { return this.forceToBlob(); }
    type() { return this.#blob.type; }
    size() { return this.#blob.size; }
    url() { return (this.#url ??= URL.createObjectURL(this.forceToBlob())); }
    retain() {}
    // What is shown somewhere is held there; here nothing is shown.
    autorelease() {
      if (this.#url) URL.revokeObjectURL(this.#url);
      this.#url = null;
    }

    release() {
      this.autorelease();
      this.#released = true;
    }
  }

  class OpaqueData extends OpaqueDataBase {
    static async createFromData(data, mimetype) {
      const type = mimetype ?? data.type ?? '';
      if (data instanceof Blob && data.type === type) return new OpaqueData(data);
      return new OpaqueData(data.name ? new File([data], data.name, { type }) : new Blob([data], { type }));
    }

    static createFromBase64Jpeg(text) {
      return OpaqueData.createFromData(require('WABase64').decodeB64(text), 'image/jpeg');
    }
  }
  exports.OpaqueDataBase = OpaqueDataBase;
  exports.default = OpaqueData;
});

__d('WAWebMediaTypes', [], (require, exports) => {
  const words = (...all) => Object.fromEntries(all.map((each) => [each, each]));
  exports.MEDIA_DATA_STAGE = exports.MediaDataStage = words(
    'INIT', 'EXISTS', 'PREPARING', 'FETCHING', 'REUPLOADING', 'NEED_POKE', 'RESOLVED', 'ERROR_MISSING', 'ERROR_TOO_LARGE',
    'ERROR_UNSUPPORTED', 'ERROR_UNKNOWN',
  );
});

__d('WAWebMmsMediaTypes', [], (require, exports) => {
  exports.msgToMediaType = ({ type, isGif }) => (type === 'video' && isGif ? 'gif' : type);
  exports.castToV4 = (type) => String(type).toLowerCase();
});

__d('WAWebMediaDataUtils', [], (require, exports) => {
  // Documents are too large for it (read in a peer).
  exports.shouldUseMediaCache = (type) => type !== 'document';
});

__d('WAWebMediaInMemoryBlobCache', [], (require, exports) => {
  const MOST = 50;

  class InMemoryMediaBlobCacheImpl {
    #blobs = new Map();

    has(hash) { return this.#blobs.has(hash); }
    get(hash) { return this.#blobs.get(hash); }
    put(hash, blob) {
      this.#blobs.set(hash, blob);
      if (this.#blobs.size > MOST) this.#blobs.delete(this.#blobs.keys().next().value);
    }
  }
  exports.InMemoryMediaBlobCacheImpl = InMemoryMediaBlobCacheImpl;
  exports.InMemoryMediaBlobCache = new InMemoryMediaBlobCacheImpl();
});

// What is known of one medium in one message.
__d('WAWebMediaData', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');

  class MediaData extends BaseModel {
    constructor(values) {
      super({
        type: undefined, mimetype: undefined, filehash: undefined, size: undefined, mediaBlob: undefined, mediaStage: 'INIT',
        isGif: undefined, duration: undefined, waveform: undefined, width: undefined, height: undefined, fullWidth: undefined,
        fullHeight: undefined, preview: undefined, renderableUrl: undefined, filename: undefined, ...values,
      });
    }
  }
  MediaData.prototype.proxyName = 'media-data';
  exports.MediaData = MediaData;
  exports.default = MediaData;
});

// What is known of a file, by its hash, whatever message it is in.
__d('WAWebMediaStorage', ['WAWebBaseModel'], (require, exports) => {
  const BaseModel = require('WAWebBaseModel');
  const objects = new Map();
  // The oldest ones are forgotten: each may hold a whole file.
  const MOST = 100;

  class MediaObject extends BaseModel {
    consolidate({ type, size, mimetype, mediaBlob, ...values }) {
      const { width, height, duration, waveform } = values;
      const contentInfo = { ...this.contentInfo, width, height, duration, waveform };
      this.set({ type: type?.toUpperCase(), size, mimetype, mediaBlob, contentInfo });
    }
  }
  exports.MediaObject = MediaObject;
  exports.webMediaTypeToWamMediaType = (type) => type;
  exports.getOrCreateMediaObject = (filehash) => {
    if (!objects.has(filehash)) {
      const made = { filehash, type: undefined, size: undefined, mimetype: undefined, mediaBlob: undefined, contentInfo: {} };
      objects.set(filehash, new MediaObject(made));
      if (objects.size > MOST) objects.delete(objects.keys().next().value);
    }
    return objects.get(filehash);
  };
});

// By default AB props; the servers may raise them (measured). Of a voice note it knows nothing, and throws.
__d('WAWebMediaGatingUtils', [], (require, exports) => {
  const MIB = 1024 * 1024;
  const LIMITS = { image: 16 * MIB, video: 16 * MIB, audio: 16 * MIB, sticker: 16 * MIB, document: 2000 * MIB };
  exports.getUploadLimit = (type) => {
    if (!(type in LIMITS)) throw new Error(`getUploadLimit: unknown type ${type}`);
    return LIMITS[type];
  };
});
