"""What each route does, in words, and what it answers besides what all routes may answer."""

from dataclasses import dataclass, field

from wad.reports.history import LENGTH


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: `answer` and `unchanged` name the components for 200 and 304, `refusals` those of errors."""

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
    "page": "For people",
    "monitors": "For monitors, for Prometheus and for programs",
    "sandbox": "The phone beside the stand-in for WhatsApp; on a live daemon there is none",
}

_ALWAYS = "Answers 200 whatever the link does. Without the token, if one is configured, the secrets are null."
_TAKEN = ("BadBody", "NotTaken")


def _command(summary: str, answer: str, description: str = "") -> Operation:
    return Operation("commands", summary, answer, description, refusals=_TAKEN, body="Nothing")


def _picture(answer: str, form: str) -> Operation:
    return Operation("link", f"The live code {form}", answer, refusals=("NoCode",))


# By the path in its shortest spelling; the page's files share a row.
OPERATIONS: dict[str, Operation] = {
    "/": Operation("page", "The page for people", "Page", unchanged="PageStillTheSame"),
    "/ui/{file}": Operation(
        "page", "A file of the page", "PageFile", unchanged="PageStillTheSame", refusals=("NotFound",)
    ),
    "/health": Operation("link", "Daemon, browser and link in short", "Health", _ALWAYS),
    "/whatsapp/status": Operation(
        "link",
        "The whole status, with the code",
        "Status",
        f"{_ALWAYS} The body changes only with the status: send the ETag back. "
        "Whoever may see the code and asks counts as looking for a minute; codes are renewed longer then.",
        unchanged="StillTheSame",
    ),
    "/whatsapp/account": Operation("link", "The linked account", "Account", _ALWAYS),
    "/whatsapp/history": Operation(
        "link",
        "The last changes of phase or reason",
        "History",
        f"The last {LENGTH} since the daemon's start.",
    ),
    "/whatsapp/start": _command("Link", "Started", "Harmless at any time; brings an expired code back."),
    "/whatsapp/stop": _command(
        "Close the browser and keep the session", "Stopped", "Remembered over restarts until the next start."
    ),
    "/whatsapp/reset": _command(
        "Forget the session and start afresh", "Reset", "Works in every state, without a browser, too."
    ),
    "/whatsapp/logout": _command("Tell WhatsApp, then do as reset does", "LoggedOut"),
    "/whatsapp/pair": Operation(
        "commands",
        "Ask for a code to type on the phone",
        "Pairing",
        "Starts the link if needed. Within seconds the status holds `pairingCode`, for three minutes; "
        "if WhatsApp gives none, the QR code is back, and the reason begins with `pairing_`.",
        refusals=("BadPhone", "AlreadyLinked", "NotTaken"),
        body="Phone",
    ),
    "/whatsapp/pair/cancel": _command("Go back to the QR code", "PairingCancelled", "Harmless at any time."),
    "/whatsapp/qr.png": _picture("Png", "as a picture"),
    "/whatsapp/qr.svg": _picture("Svg", "as a drawing"),
    "/whatsapp/qr.txt": _picture("Txt", "for a terminal"),
    "/livez": Operation("monitors", "Whether the daemon works at all", "Alive", refusals=("Stuck",)),
    "/readyz": Operation("monitors", "Whether the link is ready", "Ready", refusals=("NotReady",)),
    "/metrics": Operation(
        "monitors", "Metrics for Prometheus", "Metrics", "They hold no code, number or name."
    ),
    "/openapi.json": Operation("monitors", "This document", "Description", unchanged="KeptStillTheSame"),
    "/sandbox/phone/messages": Operation(
        "sandbox",
        "What was really sent, and how often it arrived",
        "Pressed",
        "Only in the sandbox: `messages` is a list of `{id, to, text, times}`.",
        extensions={"x-sandbox-only": True},
    ),
    "/sandbox/phone/{button}": Operation(
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
