"""What the tests of media have the page do: it prepares, uploads and sends as other people's clients do."""

import base64
import hashlib

from wad.sandbox import Sandbox
from wad.sandbox.samples import picture, voice

ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"
PNG, VOICE = picture("a test's", 96), voice(2)

# `window.file` makes a file of base64, `window.noise` one of so many bytes; `window.sendFile` sends one.
TOOLS = f"""(() => {{
  const OpaqueData = require('WAWebMediaOpaqueData');
  window.file = (text, type, name = 'file') =>
    new File([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], name, {{ type }});
  window.noise = (size, type, name = 'file') => new File([new Uint8Array(size).fill(7)], name, {{ type }});
  window.prepared = async (file, options = {{}}) => {{
    const opaque = await OpaqueData.createFromData(file, file.type);
    return require('WAWebPrepRawMedia').prepRawMedia(opaque, options).waitForPrep();
  }};
  window.uploaded = async (file, options) => {{
    const data = await window.prepared(file, options);
    const mediaObject = require('WAWebMediaStorage').getOrCreateMediaObject(data.filehash);
    mediaObject.consolidate(data.toJSON());
    const mediaType = require('WAWebMmsMediaTypes').msgToMediaType({{ type: data.type, isGif: data.isGif }});
    const upload = {{ mimetype: data.mimetype, mediaObject, mediaType }};
    return {{ data, result: await require('WAWebMediaMmsV4Upload').uploadMedia(upload) }};
  }};
  window.message = async (values) => {{
    const MsgKey = require('WAWebMsgKey');
    const {{ chat }} = await require('WAWebFindChatAction').findOrCreateLatestChat(
      require('WAWebWidFactory').createWid('{ANNA_PN}'));
    const from = require('WAWebUserPrefsMeUser').getMaybeMePnUser();
    const id = new MsgKey({{ from, to: chat.id, id: await MsgKey.newId(), selfDir: 'out' }});
    const message = {{ id, ack: 0, from, to: chat.id, local: true, self: 'out', t: 1, isNewMsg: true, ...values }};
    const [added, result] = require('WAWebSendMsgChatAction').addAndSendMsgToChat(chat, message);
    return {{ key: String((await added).id), ...(await result) }};
  }};
  window.sendFile = async (file, options, caption) => {{
    const {{ data, result }} = await window.uploaded(file, options);
    const {{ mediaEntry }} = result;
    return window.message({{ ...data.toJSON(), ...mediaEntry, body: data.preview, caption }});
  }};
  return true;
}})()"""


def held(content: bytes) -> str:
    """Give a file's content as the page's tools take it."""
    return repr(base64.b64encode(content).decode())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def arrived(sandbox: Sandbox) -> list[dict]:
    """Give the media that arrived at the phone."""
    return (await sandbox.phone.command("media", {}))["media"]
