"""The page as wad's browser has it: whether all names that wad relies upon are in it, looked at afresh."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wad.core.page_names import COSTS, Use
from wad.doctor.case import Case
from wad.doctor.client import ask_control
from wad.doctor.finding import Finding, fail, ok, skipped, warn

# In seconds: more than wad itself waits for the page.
_PATIENCE: Final = 6.0
_MEND: Final = "Update wad: WhatsApp has brought out another build. If none is newer, report this line."
_AGAIN: Final = "The page has only just loaded; look again in a minute"


def check_page(case: Case) -> Iterator[Finding]:
    """Have wad look at its page now, and tell what each name that is missing costs."""
    if case.told.error is not None:
        yield skipped("wad does not tell")
        return
    try:
        told, _ = ask_control(case.socket, "page", _PATIENCE)
    except OSError as exc:
        told = {"code": "late" if isinstance(exc, TimeoutError) else None}
    again = f"{_AGAIN}: {case.wadctl('doctor --page')}."
    yield from (
        _missing(told, again) if told.get("success") and "needed" in told else [_untold(case, told, again)]
    )


def _untold(case: Case, told: Mapping[str, Any], again: str) -> Finding:
    match told.get("code"):
        case "no_page":
            return skipped(
                "the browser does not run: there is no page", f"Link first: {case.wadctl('start --wait')}."
            )
        case "page_silent" | "late":
            return fail("the page does not answer", "If that recurs, check memory and load.")
        case "page_unreadable":
            return warn("the page cannot be looked at now", again)
        case "unknown_command":
            return skipped("this wad is too old to tell")
        case _:
            return skipped("wad does not tell")


def _missing(told: Mapping[str, Any], again: str) -> Iterator[Finding]:
    """Give a line for each use that is not met; a page that has just loaded may have more to come."""
    build, missing = _of_build(told), told["missing"]
    if not missing:
        seen = int(told["needed"]) - int(told["unseen"])
        yield ok(f"it has what wad relies upon{build}: {seen} of {told['needed']} names could be looked for")
    for use in dict.fromkeys(Use(each["use"]) for each in missing):
        names = [" or ".join(each["anyOf"]) for each in missing if each["use"] == use]
        verb = "is" if len(names) == 1 else "are"
        said = f"{COSTS[use].sentence}{build}: {', '.join(names)} {verb} missing"
        if not told["settled"]:
            yield warn(said, again)
        else:
            yield (fail if COSTS[use].vital else warn)(said, _MEND)


def _of_build(told: Mapping[str, Any]) -> str:
    return f" (build {told['build']})" if told.get("build") else ""
