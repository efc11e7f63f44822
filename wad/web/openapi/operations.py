"""What each route does, in words, and what it answers besides what all routes may answer."""

from dataclasses import dataclass, field

from wad.reports.history import LENGTH


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: `answer` and `unchanged` name the components for 200 and 304, `refusals` those of errors.

    `name` is what the method of a generated client is called, in the spelling its language has for them.
    """

    name: str
    tag: str
    summary: str
    answer: str
    description: str = ""
    unchanged: str | None = None
    refusals: tuple[str, ...] = ()
    body: str | None = None
    extensions: dict[str, bool] = field(default_factory=dict)


TAGS = {
    "link": "How the link is, and the code",
    "commands": "Handed over and answered at once; what comes of it is seen in the status",
    "monitors": "For monitors, for Prometheus and for programs",
    "sandbox": "The phone beside the stand-in for WhatsApp; on a live daemon there is none",
}

_ALWAYS = "Answers 200 whatever the link does. Without the token, if one is configured, the secrets are null."
_TAKEN = ("BadBody", "NotTaken")


def _command(name: str, summary: str, answer: str, description: str = "") -> Operation:
    return Operation(name, "commands", summary, answer, description, refusals=_TAKEN)


def _picture(name: str, answer: str, form: str) -> Operation:
    return Operation(name, "link", f"The live code {form}", answer, refusals=("NoCode",))


# By the path, in the longer one of its spellings.
OPERATIONS: dict[str, Operation] = {
    "/health": Operation("getHealth", "link", "Daemon, browser and link in short", "Health", _ALWAYS),
    "/api/whatsapp/status": Operation(
        "getStatus",
        "link",
        "The whole status, with the code",
        "Status",
        f"{_ALWAYS} The body changes only with the status: send the ETag back. "
        "Whoever may see the code and asks counts as looking for a minute; codes are renewed longer then.",
        unchanged="StillTheSame",
    ),
    "/api/whatsapp/account": Operation("getAccount", "link", "The linked account", "Account", _ALWAYS),
    "/api/whatsapp/history": Operation(
        "getHistory",
        "link",
        "The last changes of phase or reason",
        "History",
        f"The last {LENGTH} since the daemon's start.",
    ),
    "/api/whatsapp/start": _command(
        "start", "Link", "Started", "Harmless at any time; brings an expired code back."
    ),
    "/api/whatsapp/stop": _command(
        "stop",
        "Close the browser and keep the session",
        "Stopped",
        "Remembered over restarts until the next start.",
    ),
    "/api/whatsapp/reset": _command(
        "reset",
        "Forget the session and start afresh",
        "Reset",
        "Works in every state, without a browser, too.",
    ),
    "/api/whatsapp/logout": _command("logout", "Tell WhatsApp, then do as reset does", "LoggedOut"),
    "/api/whatsapp/pair": Operation(
        "pair",
        "commands",
        "Ask for a code to type on the phone",
        "Pairing",
        "Starts the link if needed. Within seconds the status holds `pairingCode`, for three minutes; "
        "if WhatsApp gives none, the QR code is back, and the reason begins with `pairing_`.",
        refusals=("BadPhone", "AlreadyLinked", "NotTaken"),
        body="Phone",
    ),
    "/api/whatsapp/pair/cancel": _command(
        "cancelPairing", "Go back to the QR code", "PairingCancelled", "Harmless at any time."
    ),
    "/api/whatsapp/qr.png": _picture("getQrPng", "Png", "as a picture"),
    "/api/whatsapp/qr.svg": _picture("getQrSvg", "Svg", "as a drawing"),
    "/api/whatsapp/qr.txt": _picture("getQrText", "Txt", "for a terminal"),
    "/api/whatsapp/screenshot.png": Operation(
        "getScreenshot",
        "monitors",
        "What the browser's window shows",
        "Screenshot",
        "For diagnosis. While an account is linked it would show chats, and is refused unless the "
        "configuration allows it (`[http] linked_screenshots`). Where a code is shown it is in the picture.",
        refusals=("AccountShown", "NoPage", "NoPicture"),
    ),
    "/livez": Operation(
        "getLiveness", "monitors", "Whether the daemon works at all", "Alive", refusals=("Stuck",)
    ),
    "/readyz": Operation(
        "getReadiness", "monitors", "Whether the link is ready", "Ready", refusals=("NotReady",)
    ),
    "/metrics": Operation(
        "getMetrics", "monitors", "Metrics for Prometheus", "Metrics", "They hold no code, number or name."
    ),
    "/openapi.json": Operation(
        "getDescription", "monitors", "This document", "Description", unchanged="KeptStillTheSame"
    ),
    "/sandbox/phone/messages": Operation(
        "getSentMessages",
        "sandbox",
        "What was really sent, and how often it arrived",
        "Pressed",
        "Only in the sandbox: `messages` is a list of `{id, to, text, times}`.",
        extensions={"x-sandbox-only": True},
    ),
    "/sandbox/phone/{button}": Operation(
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
