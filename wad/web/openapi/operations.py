"""What each route does, in words, and what it answers besides what all routes may answer.

Those of messages and webhooks are in `wad.web.openapi.messaging.operations`.
"""

from dataclasses import field

from wad.core.values import dataclass
from wad.reports.history import LENGTH


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: `refusals` name the components for errors, the others those for 2xx and 3xx.

    These are `answer` (200), `created` (201), `accepted` (202), `part` (206) and `unchanged` (304).

    `name` is what the method of a generated client is called, in the spelling its language has for them.
    """

    name: str
    tag: str
    summary: str
    answer: str | None
    description: str = ""
    unchanged: str | None = None
    refusals: tuple[str, ...] = ()
    body: str | None = None
    accepted: str | None = None
    created: str | None = None
    part: str | None = None
    parameters: tuple[str, ...] = ()
    extensions: dict[str, bool] = field(default_factory=dict)


TAGS = {
    "link": "How the link is, and the code",
    "commands": "Handed over and answered at once; what comes of it is seen in the status",
    "messages": "What is sent, and what became of it; files; chats and people",
    "events": "All that happens, numbered for ever, for programs that may be away for a while",
    "webhooks": "The same events, brought to other servers, signed",
    "monitors": "For monitors, for Prometheus and for programs",
    "sandbox": "The phone beside the stand-in for WhatsApp; on a live daemon there is none",
}

_ALWAYS = "Answers 200 whatever the link does. Without the token, if one is configured, the secrets are null."
_TAKEN = ("BadBody", "NotTaken")


def _command(name: str, summary: str, answer: str, description: str = "") -> Operation:
    return Operation(name, "commands", summary, answer, description, refusals=_TAKEN)


def _picture(name: str, answer: str, form: str) -> Operation:
    return Operation(name, "link", f"The live code {form}", answer, refusals=("NoCode",))


# By the method and the path, in the longer one of its spellings.
LINK_OPERATIONS: dict[str, Operation] = {
    "GET /health": Operation("getHealth", "link", "Daemon, browser and link in short", "Health", _ALWAYS),
    "GET /api/whatsapp/status": Operation(
        "getStatus",
        "link",
        "The whole status, with the code",
        "Status",
        f"{_ALWAYS} The body changes only with the status: send the ETag back. "
        "Whoever may see the code and asks counts as looking for a minute; codes are renewed longer then.",
        unchanged="StillTheSame",
    ),
    "GET /api/whatsapp/account": Operation("getAccount", "link", "The linked account", "Account", _ALWAYS),
    "GET /api/whatsapp/history": Operation(
        "getHistory",
        "link",
        "The last changes of phase or reason",
        "History",
        f"The last {LENGTH} since the daemon's start.",
    ),
    "POST /api/whatsapp/start": _command(
        "start", "Link", "Started", "Harmless at any time; brings an expired code back."
    ),
    "POST /api/whatsapp/stop": _command(
        "stop",
        "Close the browser and keep the session",
        "Stopped",
        "Remembered over restarts until the next start.",
    ),
    "POST /api/whatsapp/reset": _command(
        "reset",
        "Forget the session and start afresh",
        "Reset",
        "Works in every state, without a browser, too.",
    ),
    "POST /api/whatsapp/logout": _command("logout", "Tell WhatsApp, then do as reset does", "LoggedOut"),
    "POST /api/whatsapp/pair": Operation(
        "pair",
        "commands",
        "Ask for a code to type on the phone",
        "Pairing",
        "Starts the link if needed. Within seconds the status holds `pairingCode`, for three minutes; "
        "if WhatsApp gives none, the QR code is back, and the reason begins with `pairing_`.",
        refusals=("BadPhone", "AlreadyLinked", "NotTaken"),
        body="Phone",
    ),
    "POST /api/whatsapp/pair/cancel": _command(
        "cancelPairing", "Go back to the QR code", "PairingCancelled", "Harmless at any time."
    ),
    "GET /api/whatsapp/qr.png": _picture("getQrPng", "Png", "as a picture"),
    "GET /api/whatsapp/qr.svg": _picture("getQrSvg", "Svg", "as a drawing"),
    "GET /api/whatsapp/qr.txt": _picture("getQrText", "Txt", "for a terminal"),
    "GET /api/whatsapp/screenshot.png": Operation(
        "getScreenshot",
        "monitors",
        "What the browser's window shows",
        "Screenshot",
        "For diagnosis. While an account is linked it would show chats, and is refused unless the "
        "configuration allows it (`[http] linked_screenshots`). Where a code is shown it is in the picture.",
        refusals=("AccountShown", "NoPage", "NoPicture"),
    ),
    "GET /livez": Operation(
        "getLiveness", "monitors", "Whether the daemon works at all", "Alive", refusals=("Stuck",)
    ),
    "GET /readyz": Operation(
        "getReadiness", "monitors", "Whether the link is ready", "Ready", refusals=("NotReady",)
    ),
    "GET /metrics": Operation(
        "getMetrics", "monitors", "Metrics for Prometheus", "Metrics", "They hold no code, number or name."
    ),
    "GET /openapi.json": Operation(
        "getDescription", "monitors", "This document", "Description", unchanged="KeptStillTheSame"
    ),
    "GET /sandbox/phone/messages": Operation(
        "getSentMessages",
        "sandbox",
        "What was really sent, and how often it arrived",
        "Pressed",
        "Only in the sandbox: `messages` is a list of `{id, to, text, times}`.",
        extensions={"x-sandbox-only": True},
    ),
    "GET /sandbox/phone/media": Operation(
        "getSentMedia",
        "sandbox",
        "Which media were really sent, as they arrived",
        "Pressed",
        "Only in the sandbox: `media` is a list of `{id, to, kind, mimetype, filename, size, sha256, "
        "caption, seconds, width, height}`.",
        extensions={"x-sandbox-only": True},
    ),
    "GET /sandbox/phone/contents": Operation(
        "getSentContents",
        "sandbox",
        "Which places, contacts, polls and albums were really sent, and what was voted",
        "Pressed",
        "Only in the sandbox: `contents` is a list of objects with `id`, `to`, `kind` and their own.",
        extensions={"x-sandbox-only": True},
    ),
    "GET /sandbox/phone/presence": Operation(
        "getPresence",
        "sandbox",
        "What was told of the account itself: where it writes, what it has seen",
        "Pressed",
        "Only in the sandbox: `presence` is a list of `{to, state, t}`, `seen` of `{chat, t}`; "
        "`available` tells whether the page says that somebody is there.",
        extensions={"x-sandbox-only": True},
    ),
    "GET /sandbox/phone/media/{id}": Operation(
        "getSentMedium",
        "sandbox",
        "A medium that was sent, as it arrived",
        "SentMedium",
        "Only in the sandbox: the bytes, with the MIME type that the message names.",
        refusals=("NoMedium",),
        extensions={"x-sandbox-only": True},
    ),
    "POST /sandbox/phone/{button}": Operation(
        "pressButton",
        "sandbox",
        "Press a button of the sandbox's phone",
        "Pressed",
        "Only in the sandbox: on a live daemon there is nothing at this address. "
        "An unknown button is answered with the names there are.",
        refusals=("BadBody", "NoButton", "PhoneRefused"),
        body="Press",
        extensions={"x-sandbox-only": True},
    ),
}
