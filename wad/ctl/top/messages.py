"""The part of `wadctl top` that tells of messages: what waits, and how far each webhook is. Pure.

Rules of this file: counts, states and codes alone. No text, no number and no URL is in what wad tells for it,
and a newer wad's would not be drawn.
"""

from datetime import datetime
from typing import Final

from wad.ctl.top.columns import fit, gather
from wad.ctl.top.lines import BAD, BOLD, Document, Line, Size, count, span

# The share of a terminal's rows for webhooks: there may be fifty, and all else has to have room, too.
_SHARE: Final = 6
# A third of the columns is for a name, and never so little that names are not told apart.
_NAME_SHARE, _SHORTEST_NAME = 3, 8
_UNUSABLE: Final = ("nothing is accepted", "the messages' file cannot be used")


def draw_messages(vitals: Document | None, size: Size, now: datetime) -> list[Line]:
    """Draw it; an older wad does not tell, and that leaves no gap."""
    if vitals is None or "outbox" not in vitals:
        return []
    return [_outbox(vitals["outbox"], size.columns, now), *_webhooks(vitals.get("webhooks") or [], size)]


def _outbox(outbox: Document | None, columns: int, now: datetime) -> Line:
    if outbox is None:
        return Line(gather("outbox", _UNUSABLE, columns), BAD)
    facts = [f"{outbox['depth']} waiting"]
    if outbox["oldestSeconds"] is not None:
        facts.append(f"the oldest for {span(outbox['oldestSeconds'])}")
    if failure := outbox["lastFailure"]:
        ago = max(0.0, (now - datetime.fromisoformat(failure["at"])).total_seconds())
        facts.append(f"last failure {span(ago)} ago ({failure['code']})")
    return Line(gather("outbox", facts, columns), BOLD)


def _webhooks(hooks: list[Document], size: Size) -> list[Line]:
    """Tell of those first that want somebody; what has no room is counted."""
    if not hooks:
        return []
    facts = [str(len(hooks)), f"{sum(each['backlog'] for each in hooks)} behind"]
    if given_up := sum(each["deadLetters"] for each in hooks):
        facts.append(f"{given_up} given up")
    shown = sorted(hooks, key=_urgency)[: max(1, size.rows // _SHARE)]
    longest = max(len(each["name"]) for each in shown)
    wide = min(longest, max(_SHORTEST_NAME, size.columns // _NAME_SHARE))
    left = len(hooks) - len(shown)
    return [
        Line(gather("webhooks", facts, size.columns), BOLD),
        *(_webhook(each, wide, size.columns) for each in shown),
        *([Line(f"  and {count(left, 'other')}")] if left else []),
    ]


def _urgency(hook: Document) -> tuple[bool, bool, bool, int, str]:
    """Give what sorts: first what no waiting mends."""
    off, again = hook["state"] == "disabled", hook["state"] == "retrying"
    return not off, not hook["deadLetters"], not again, -hook["backlog"], hook["name"]


def _webhook(hook: Document, wide: int, columns: int) -> Line:
    facts = [f"{hook['state']:<8}  {hook['backlog']} behind"]
    if hook["deadLetters"]:
        facts.append(f"{hook['deadLetters']} given up")
    if hook["state"] != "active" and (why := hook["lastError"] or hook["lastStatus"]):
        facts.append(f"last attempt: {why}")
    bad = hook["state"] == "disabled" or hook["deadLetters"]
    return Line(gather(f"  {fit(hook['name'], wide):<{wide}}  ", facts, columns), BAD if bad else "")
