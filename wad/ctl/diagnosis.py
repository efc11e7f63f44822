"""What `wadctl doctor` prints, and how it ends."""

import json
from typing import Final

from wad.ctl.exit_codes import Exit
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.ctl.words import printable

# What `--page` looks at: the page, and whether there is a wad that could tell of it.
_OF_PAGE: Final = frozenset({"daemon", "page"})


def show(place: Place, screen: Screen, *, as_json: bool, page: bool = False) -> int:
    """Print a line for each finding, or with `as_json` an object; with `page` of the page's alone.

    Exits 1 if something failed, and 4 if nothing did but for a right the caller lacks.
    """
    # Imported late: it knows the browser and the configuration, and no other command needs either.
    from wad.doctor import CHECKS, Verdict, diagnose  # noqa: PLC0415

    wide = max(len(check.name) for check in CHECKS)
    failed: list[bool] = []
    screen.progress("looking")
    for name, found in diagnose(place.path, only=_OF_PAGE if page else None, call=place.call):
        if found.verdict is Verdict.FAIL:
            failed.append(found.denied)
        if as_json:
            about = {"check": name, "verdict": found.verdict, "said": found.said, "action": found.action}
            screen.say(json.dumps(about, ensure_ascii=False))
            continue
        screen.settle()
        screen.status(found.verdict, [f"{found.verdict:<7} {name:<{wide}}  {printable(found.said)}"])
        if found.action:
            screen.say(f"{'':<{wide + 10}}{printable(found.action)}")
    if not failed:
        return Exit.DONE
    return Exit.NO_PERMISSION if all(failed) else Exit.FAILED
