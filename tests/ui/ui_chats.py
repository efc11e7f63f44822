"""The panel of chats, as tests open and look at it; and chats for a link that tests lead."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

import asyncio
from typing import Any

from daemon_client import until
from daemon_harness import Daemon
from ui_browser import Tab

CHATS, TEXTS = "[data-part=chats]", "[data-action=chat-texts]"
LIST, TITLE = "[data-part=chat-list]", "[data-part=conversation-title]"
CONVERSATION, SHOWN = "[data-part=conversation]", "[data-part=conversation-list]"
REPLY, FIELD, REFUSED = "[data-action=reply]", "#reply-text", "[data-part=reply-error]"
ADA = "15550001111@c.us"
FOCUSED = "document.activeElement.dataset.part ?? document.activeElement.dataset.action"
# What was asked for of chats and files.
ABOUT_CHATS = ("/chats", "/media/", "/contacts", "/groups")
# Each blob: address that was made and not given back.
NOTE_BLOBS = """
globalThis.blobs = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const url = createObjectURL.call(URL, blob);
  globalThis.blobs.add(url);
  return url;
};
URL.revokeObjectURL = (url) => {
  globalThis.blobs.delete(url);
  return revokeObjectURL.call(URL, url);
};
"""


def bubble(kind: str, number: int = 1) -> str:
    """Give where a message with a file of that kind is."""
    return f"{SHOWN} > :nth-child({number} of .bubble:has([data-media={kind}]))"


def asked_of_chats(tab: Tab) -> list[str]:
    """Give the paths of what was asked for of chats and files, in order."""
    paths = [url.partition("/api/whatsapp")[2] for url in tab.asked]
    return [path for path in paths if path.startswith(ABOUT_CHATS)]


async def page_of(tab: Tab, url: str) -> None:
    """Open the page, and wait until it could show chats."""
    await tab.open(url)
    await tab.live()
    await tab.until_shown(CHATS)


async def listed(tab: Tab, number: int) -> None:
    """Open the panel, and wait for so many chats."""
    await tab.unfold("chats")
    await tab.until(f"document.querySelectorAll('[data-chat]').length === {number}", f"{number} chats")


async def chosen(tab: Tab, chat: str = ADA) -> None:
    """Open a chat, and wait until it has the focus."""
    await tab.click(f"[data-chat='{chat}']")
    await tab.until(f"{FOCUSED} === 'conversation-title'", "the chat")


async def bubbles(tab: Tab, number: int) -> None:
    """Wait for so many messages."""
    found = f"document.querySelectorAll('.bubble').length === {number}"
    await tab.until(found, f"{number} messages")


async def attach(tab: Tab, *paths: Path) -> None:
    """Choose files for the answer, as the browser's dialog would."""
    root = (await tab.send("DOM.getDocument"))["root"]["nodeId"]
    found = await tab.send("DOM.querySelector", nodeId=root, selector="#reply-file")
    await tab.send("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(path) for path in paths])
    if paths:
        await tab.until("document.querySelector('[data-part=reply-file]').textContent", "the file's name")


async def answer(tab: Tab, text: str) -> None:
    """Type an answer and send it."""
    await tab.click(FIELD)
    await tab.type(text)
    await tab.click(REPLY)


async def arrived(daemon: Daemon) -> list[dict[str, Any]]:
    """Wait for the first file that went out, and give all that did."""

    async def look() -> list[dict[str, Any]]:
        return (await daemon.get("/sandbox/phone/media")).json["media"]

    return await until(look, "a file that went out")


async def written(path: Path) -> bytes:
    """Wait until the browser has saved a file, and give what is in it."""
    await until(path.exists, path.name)
    return await asyncio.to_thread(path.read_bytes)


def chat(number: int, *, name: str | None = None, unread: int = 0, **more: Any) -> dict[str, Any]:
    """Give a chat as wad lists it; the higher its number, the older it is."""
    pn = f"1555000{number:04}@c.us"
    return {
        "id": pn,
        "pn": pn,
        "lid": None,
        "name": name,
        "kind": "person",
        "unread": unread,
        "markedUnread": False,
        "timestamp": 1795410600 - 60 * number,
        "archived": False,
        "pinned": False,
        "muted": False,
        "mutedUntil": None,
        "lastMessage": None,
        **more,
    }


def message(of: dict[str, Any], number: int, text: str | None = "Hello", **more: Any) -> dict[str, Any]:
    """Give a message of a chat; the higher its number, the newer it is."""
    own = more.get("fromMe", False)
    return {
        "id": f"{str(own).lower()}_{of['id']}_3EB0{number:016}",
        "clientRef": None,
        "chat": {name: of[name] for name in ("id", "pn", "lid", "name", "kind")},
        "from": of["id"],
        "fromMe": own,
        "author": None,
        "type": "chat",
        "text": text,
        "timestamp": 1795410000 + 60 * number,
        "state": "read" if own else None,
        "ack": 3,
        "error": None,
        "replyTo": None,
        "mentions": [],
        "forwarded": False,
        "edited": False,
        "revoked": False,
        "media": None,
        "location": None,
        "contacts": None,
        "poll": None,
        "album": None,
        "source": "phone" if own else "other",
        **more,
    }


def medium(kind: str, **more: Any) -> dict[str, Any]:
    """Give a message's file as wad tells it."""
    told = {"mimetype": None, "filename": None, "size": 48213, "width": None, "height": None, "seconds": None}
    sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    return {
        "kind": kind,
        "sha256": sha256,
        **told,
        "state": "remote",
        "url": f"/api/whatsapp/media/{sha256}",
        **more,
    }
