'use strict';
// What becomes of a file before it is sent: pictures become JPEGs, spans and sizes are measured, voice notes are checked.

__d('WAWebImageUtils', [], (require, exports) => {
  const STICKER = 512;

  exports.draw = async (picture, width, height, type, quality) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    // A JPEG has no transparency: what was transparent is white.
    if (type === 'image/jpeg') {
      context.fillStyle = 'white';
      context.fillRect(0, 0, width, height);
    }
    context.drawImage(picture, 0, 0, width, height);
    return canvas.convertToBlob({ type, quality });
  };
  exports.toWebpSticker = async (file) => {
    const picture = await createImageBitmap(file);
    return exports.draw(picture, STICKER, STICKER, 'image/webp');
  };
});

__d('WAWebMediaUtils', [], (require, exports) => {
  exports.getImageWidthHeight = async (blob) => {
    const { width, height } = await createImageBitmap(blob);
    return { width, height };
  };
});

// The checker of sound: read from the file's own pages, since the real one's is not known. It wants Opus in Ogg.
__d('StandinSound', [], (require, exports) => {
  const RATE = 48000;
  const LONGEST_PAGE = 65307;
  const PARTS = 64;
  // In bytes: minutes of speech.
  const LOUDNESS_UP_TO = 1024 * 1024;
  const OTHERS = [
    [0, 'ID3'], [0, 'fLaC'], [4, 'ftyp'], [0, '#!AMR'], [0, '\xff\xfb'], [0, '\xff\xf3'], [0, '\xff\xf1'], [0, '\xff\xf9'], [0, 'OggS'],
  ];

  class InvalidMediaCheckRepairFailedType extends Error {
    name = 'InvalidMediaCheckRepairFailedType';
  }
  const text = (bytes, from, length) => String.fromCharCode(...bytes.subarray(from, from + length));
  const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

  // The span follows from the last page, which counts the samples up to its end.
  const span = (tail, skipped) => {
    const from = [...tail.keys()].reverse().find((at) => text(tail, at, 4) === 'OggS');
    if (from === undefined || tail.length < from + 14) return 0;
    const samples = Number(new DataView(tail.buffer).getBigInt64(from + 6, true));
    return Math.max(0, Math.round((samples - skipped) / RATE));
  };

  // How loud it is in each of 64 parts, in per cent of the loudest one; nothing of what cannot be played, or is long.
  const loudness = async (blob) => {
    const waveform = new Uint8Array(PARTS);
    if (blob.size > LOUDNESS_UP_TO) return waveform;
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await blob.arrayBuffer()).catch(() => null);
    const samples = sound?.getChannelData(0) ?? [];
    const length = Math.floor(samples.length / PARTS);
    const loud = [...waveform].map((_, part) => samples.slice(part * length, (part + 1) * length).reduce((sum, each) => sum + Math.abs(each), 0));
    const most = Math.max(...loud);
    return most > 0 ? waveform.map((_, part) => Math.floor((100 * loud[part]) / most)) : waveform;
  };

  exports.voice = async (blob) => {
    const head = await bytesOf(blob.slice(0, 64));
    const found = text(head, 0, 4) === 'OggS' && text(head, 28, 8) === 'OpusHead';
    if (!found || head[37] !== 1) throw new InvalidMediaCheckRepairFailedType('InvalidMediaCheckRepairFailedType');
    const tail = await bytesOf(blob.slice(Math.max(0, blob.size - LONGEST_PAGE)));
    return { duration: span(tail, head[38] + head[39] * 256), waveform: await loudness(blob) };
  };
  exports.check = async (blob) => {
    const head = await bytesOf(blob.slice(0, 16));
    if (OTHERS.some(([at, mark]) => text(head, at, mark.length) === mark)) return;
    throw new InvalidMediaCheckRepairFailedType('InvalidMediaCheckRepairFailedType');
  };
});

__d('WAWebPrepRawMedia', ['WAWebMediaOpaqueData', 'WAWebMediaData', 'WAWebImageUtils', 'StandinSound', 'StandinSeal'], (require, exports) => {
  const OpaqueData = require('WAWebMediaOpaqueData');
  const MediaData = require('WAWebMediaData');
  const { draw } = require('WAWebImageUtils');
  const sound = require('StandinSound');
  const { hash } = require('StandinSeal');
  const LARGEST = 1600;
  const THUMBNAIL = 72;
  // In real milliseconds: what the browser cannot play it may also never say so.
  const PATIENCE = 3000;

  const within = ({ width, height }, most) => {
    const scale = Math.min(1, most / Math.max(width, height));
    return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  };
  const base64 = async (blob) => require('WABase64').encodeB64(await blob.arrayBuffer());
  const thumbnail = async (picture) => base64(await draw(picture, ...within(picture, THUMBNAIL), 'image/jpeg', 0.5));

  const image = async (blob, { maxDimension = LARGEST }) => {
    const picture = await createImageBitmap(blob);
    const [width, height] = within(picture, maxDimension);
    const small = blob.type === 'image/jpeg' && width === picture.width;
    const made = small ? blob : await draw(picture, width, height, 'image/jpeg', 0.92);
    return { type: 'image', blob: made, width, height, fullWidth: width, fullHeight: height, preview: await thumbnail(picture) };
  };

  const sticker = async (opaque) => {
    const { mediaBlob } = await require('WAWebProcessRawSticker').processRawSticker(opaque);
    const blob = mediaBlob.forceToBlob();
    const { width, height } = await createImageBitmap(blob);
    return { type: 'sticker', blob, width, height };
  };

  // What the browser can tell of a film or a sound; nothing where it cannot.
  const play = (name, blob) => new Promise((done) => {
    const element = document.createElement(name);
    const url = URL.createObjectURL(blob);
    const end = (found) => {
      URL.revokeObjectURL(url);
      element.onloadedmetadata = element.onerror = null;
      done(found);
    };
    element.preload = 'metadata';
    element.onloadedmetadata = () => end(element);
    element.onerror = () => end({});
    setTimeout(end, PATIENCE, {});
    element.src = url;
  });
  const whole = (seconds) => (Number.isFinite(seconds) ? Math.round(seconds) : undefined);

  const video = async (blob, { asGif }) => {
    const { duration, videoWidth: width, videoHeight: height } = await play('video', blob);
    return { type: 'video', isGif: asGif ? true : undefined, blob, duration: whole(duration), width, height };
  };

  const audio = async (blob, { isPtt, precomputedFields }) => {
    if (isPtt) return { type: 'ptt', blob, ...(await sound.voice(blob)), ...precomputedFields };
    await sound.check(blob);
    return { type: 'audio', blob, duration: whole((await play('audio', blob)).duration) };
  };

  const document_ = (blob) => ({ type: 'document', blob, filename: blob.name });
  const PREPARED = { image, video, audio };

  const prepare = (opaque, options) => {
    const blob = opaque.forceToBlob();
    if (options.asDocument) return document_(blob);
    if (options.asSticker) return sticker(opaque);
    return (PREPARED[blob.type.split('/')[0]] ?? document_)(blob, options);
  };

  const fill = async (mediaData, opaque, options) => {
    mediaData.set({ mediaStage: 'PREPARING' });
    const { blob, ...found } = await prepare(opaque, options);
    const mediaBlob = blob === opaque.forceToBlob() ? opaque : await OpaqueData.createFromData(blob, blob.type);
    const common = { mimetype: blob.type, size: blob.size, filehash: await hash(await blob.arrayBuffer()) };
    mediaData.set({ ...found, ...common, mediaBlob, mediaStage: 'EXISTS' });
    return mediaData;
  };

  class MediaPrep {
    #prepared;

    constructor(mediaData, prepared) {
      this.mediaData = this._mediaData = mediaData;
      this.#prepared = prepared;
      // Whoever does not wait for it is not told of a failure by the browser's console.
      prepared.catch(() => {});
    }

    waitForPrep() { return this.#prepared; }
    sendToChat({ chat, options }) { return require('WAWebMediaPrep').sendMediaMsgToChat(this, chat, options); }
  }
  exports.MediaPrep = MediaPrep;
  exports.prepRawMedia = (opaque, options = {}) => {
    const mediaData = new MediaData({});
    return new MediaPrep(mediaData, fill(mediaData, opaque, options));
  };
});

__d('WAWebWebpUtils', [], (require, exports) => {
  exports.isAnimatedWebp = (buffer) => new TextDecoder('latin1').decode(buffer.slice(12, 64)).includes('ANIM');
});

__d('WAWebProcessRawSticker', ['WAWebMediaOpaqueData', 'WAWebImageUtils'], (require, exports) => {
  exports.processRawSticker = async (opaque) => {
    if (opaque.type() === 'image/webp') return { mediaBlob: opaque };
    const made = await require('WAWebImageUtils').toWebpSticker(opaque.forceToBlob());
    return { mediaBlob: await require('WAWebMediaOpaqueData').createFromData(made, made.type) };
  };
});
