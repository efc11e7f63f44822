"""The picture of `wadctl top`: what is known of a wad, as lines that have room on a terminal. Pure.

Rules of this file:

* A line is cut, never wrapped; where rows are short the history gives way first, then the last lines.
* What matters most stands first, for the end of a line is what a narrow terminal has no room for.
* No code is in the picture: it may stay on a screen for hours.
"""

from collections.abc import Sequence
from datetime import datetime

from wad.core.values import dataclass
from wad.ctl import words
from wad.ctl.screen import COLOURS
from wad.ctl.socket_path import Place
from wad.ctl.top.columns import fit, gather, sparkline, unfold
from wad.ctl.top.lines import BAD, BOLD, DIM, UNKNOWN, Document, Line, Size, count, span
from wad.ctl.top.messages import draw_messages
from wad.ctl.top.samples import Sample

# For the sparklines: the browser at rest takes 2 per cent, which shall not look like a mountain.
_LEAST_PERCENT, _LEAST_BYTES = 20.0, 2.0**20


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a wad. `place` is where it was asked, `away` why it tells nothing.

    `silent` is one that does not answer, `live` a picture that somebody may leave.
    """

    place: Place
    status: Document | None = None
    history: Sequence[Document] = ()
    vitals: Document | None = None
    browser: Sequence[Sample] = ()
    daemon: Sequence[Sample] = ()
    away: str | None = None
    silent: bool = False
    live: bool = False


def draw(known: Known, size: Size, now: datetime) -> list[Line]:
    """Draw the picture for a terminal of that size; `now` tells its zone."""
    head = _head(known, now)
    below = [*draw_messages(known.vitals, size, now), *_weights(known, size.columns)]
    link = [Line(text, line.paint) for line in _link(known, now) for text in unfold(line.text, size.columns)]
    above = [head, Line(""), *link]
    room = size.rows - len(above) - len(below) - 2
    rows = _history(known, now, room)
    lines = [*above, *([Line(""), *rows] if rows else []), *([Line(""), *below] if below else [])]
    return [Line(fit(line.text, size.columns), line.paint) for line in lines[: size.rows]]


def _head(known: Known, now: datetime) -> Line:
    leave = "  q leaves" if known.live else ""
    return Line(f"wadctl top  {now.astimezone():%H:%M:%S}{leave}  {known.place.path}", DIM)


def _link(known: Known, now: datetime) -> list[Line]:
    """Tell how the link is."""
    if known.away is not None:
        return [Line(known.away, BAD), Line("  looking for it again and again")]
    if known.status is None:
        return [Line("wad has not answered yet", BAD if known.silent else "")]
    status = known.status
    first, *others = words.status(status, known.place.call)
    lines = [Line(first, _bold(COLOURS.get(status["currentState"]))), *map(Line, others)]
    if known.silent:
        lines.insert(0, Line("wad does not answer; this is what it told last", BAD))
    further = [*_left(status, now), *_reason(status, first), *_attempts(known.vitals)]
    return [*lines, *(Line(f"  {text}") for text in further)]


def _bold(colour: str | None) -> str:
    return f"{BOLD};{colour}" if colour else BOLD


def _left(status: Document, now: datetime) -> list[str]:
    """Tell for how long a code is still good."""
    end = status["qrExpiresAt"] or status["pairingCodeExpiresAt"]
    return [f"time left for the code: {span(max(0.0, _between(now, end)))}"] if end else []


def _reason(status: Document, headline: str) -> list[str]:
    """Name the reason; beside a code, whose headline has no room for it, with what to do."""
    slug, action = status["reason"], status["action"]
    if slug is None:
        return []
    sentence = _sentence(slug)
    if sentence is None or sentence in headline:
        return [f"reason: {slug}"]
    return [f"reason: {slug}, {sentence}", *([f"what to do then: {action}"] if action else [])]


def _sentence(slug: str) -> str | None:
    """Give a reason's sentence; a newer wad may have one that is not known here."""
    from wad.core.reasons import REASONS, Reason  # noqa: PLC0415

    return REASONS[Reason(slug)].sentence if slug in set(Reason) else None


def _attempts(vitals: Document | None) -> list[str]:
    count = vitals["attempts"] if vitals is not None else 0
    return [f"failures since the link was last steady: {count}"] if count else []


def _history(known: Known, now: datetime, room: int) -> list[Line]:
    """Tell of the last transitions, the newest first, each with for how long it was so."""
    shown = list(reversed(known.history))[: max(0, room - 1)]
    times = [datetime.fromisoformat(each["at"]).astimezone() for each in shown]
    today = all(at.date() == now.astimezone().date() for at in times)
    clock = "%H:%M:%S" if today else "%m-%d %H:%M:%S"
    lines = [
        Line(f"  {at:{clock}}  {_transition(each, (end - at).total_seconds())}")
        for each, at, end in zip(shown, times, [now, *times], strict=False)
    ]
    return [Line("history", BOLD), *lines] if lines else []


def _transition(each: Document, lasted: float) -> str:
    phase = each["phase"].replace("_", " ")
    reason = f", {each['reason']}" if each["reason"] else ""
    return f"{span(max(0.0, lasted)):>7}  {each['to']:<13}  {phase}{reason}"


def _weights(known: Known, columns: int) -> list[Line]:
    """Tell what the browser and wad take."""
    if known.vitals is None:
        return []
    browser, daemon = known.vitals["browser"], known.vitals["daemon"]
    return [
        Line(gather("browser", _about_browser(browser), columns), BOLD),
        *(_usage(browser, known.browser, columns) if browser["running"] else []),
        Line(gather("wad", _about_daemon(daemon, known.vitals), columns), BOLD),
        *_usage(daemon, known.daemon, columns),
    ]


def _about_browser(browser: Document) -> list[str]:
    deaths = count(browser["restarts"], "death")
    if not browser["running"]:
        return ["not running", deaths]
    processes = count(browser["processes"], "process", "processes")
    up = f"up {span(browser['uptime'])}"
    return [browser["version"] or UNKNOWN, up, deaths, processes, f"pid {browser['pid']}"]


def _about_daemon(daemon: Document, vitals: Document) -> list[str]:
    answered, missed = (vitals["heartbeats"][which] for which in ("answered", "missed"))
    return [
        daemon["version"],
        f"up {span(daemon['uptime'])}",
        count(vitals["viewers"], "viewer"),
        f"{count(answered + missed, 'heartbeat')}, {missed} missed",
        count(daemon["tasks"], "task"),
        f"pid {daemon['pid']}",
    ]


def _usage(part: Document, samples: Sequence[Sample], columns: int) -> list[Line]:
    """Tell memory and processor time, now and over the last readings."""
    bytes_, percent = part["memoryBytes"], samples[-1].cpu if samples else None
    memory = UNKNOWN if bytes_ is None else f"{bytes_ / 2**20:.0f} MiB"
    if percent is not None:
        cpu = f"{percent:.1f} %"
    else:
        cpu = UNKNOWN if part["cpuSeconds"] is None else f"{part['cpuSeconds']:.1f} s"
    kind = " (rss)" if part["memoryKind"] == "rss" else ""
    heads = (f"  memory {memory:>9}{kind}  ", f"  cpu    {cpu:>9}{' ' * len(kind)}  ")
    drawn = (
        sparkline([each.memory for each in samples], columns - len(heads[0]), _LEAST_BYTES),
        sparkline([each.cpu for each in samples], columns - len(heads[1]), _LEAST_PERCENT),
    )
    return [Line(f"{head}{line}".rstrip()) for head, line in zip(heads, drawn, strict=True)]


def _between(now: datetime, end: str) -> float:
    return (datetime.fromisoformat(end) - now).total_seconds()
