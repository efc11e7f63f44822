"""Webhooks: those of the configuration judged as the daemon does at its start, and how all of them stand.

Rules of this file: a webhook is named, its URL is not said: it may hold a key.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from wad.core.errors import ConfigError
from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, times, warn
from wad.doctor.identity import name_of, uid_of
from wad.doctor.vitals import told_of
from wad.webhooks.configured import configured

# A receiver that takes ten events in a second is through with so many in less than two minutes.
_FAR: Final = 1000
_GROUP_OR_ALL: Final = 0o044


def config_errors(case: Case) -> Iterator[ConfigError]:
    """Give what is wrong with each webhook of the configuration."""
    for each in case.config.webhooks:
        try:
            configured(each)
            _require_readable(case, each.name, each.secret_file)
        except ConfigError as error:
            yield error


def _require_readable(case: Case, name: str, path: Path) -> None:
    """Raise ConfigError where the caller, being root, can read a secret that the daemon cannot."""
    status, daemon = path.stat(), uid_of(case)
    if daemon not in (0, status.st_uid) and not status.st_mode & _GROUP_OR_ALL:
        user = name_of(daemon)
        raise ConfigError(f"webhooks: {name}: {user} cannot read {path}: type chown {user} {path}")


def check_webhooks(case: Case) -> Iterator[Finding]:
    """Tell of each that wants somebody, and in one line of all others."""
    hooks, why_not = told_of(case, "webhooks")
    if why_not is not None:
        yield why_not
        return
    wrong = [finding for each in hooks for finding in _judge(case, each)]
    yield from wrong
    well = [each for each in hooks if each["state"] == "active" and each["backlog"] < _FAR]
    if well:
        behind = max(each["backlog"] for each in well)
        yield ok(f"{len(well)} of {len(hooks)} active, none more than {_events(behind)} behind")
    elif not hooks:
        yield skipped("there are none")


def _events(number: int) -> str:
    return f"{number} event{'' if number == 1 else 's'}"


def _judge(case: Case, hook: Mapping[str, Any]) -> Iterator[Finding]:
    name, behind = hook["name"], f"{_events(hook['backlog'])} behind"
    replay = case.wadctl(f"webhooks replay {name}")
    lost = f"{hook['deadLetters']} given up" if hook["deadLetters"] else ""
    if hook["state"] == "disabled":
        said = ", ".join(filter(None, [f"{name} is off ({hook['lastError']})", behind, lost]))
        yield fail(said, f"Mend its receiver, or its URL; then: {replay}.")
        return
    if hook["state"] == "retrying":
        why = hook["lastError"] or f"answered {hook['lastStatus']}"
        said = f"{name} did not bring an event: tried {times(hook['failedAttempts'])}, {why}; {behind}"
        skip = case.wadctl(f"webhooks skip {name}")
        yield warn(said, f"Mend its receiver: wad tries again by itself. To give the event up: {skip}.")
    elif hook["backlog"] >= _FAR:
        yield warn(f"{name} is {behind}", "Its receiver is slower than events come: have it answer sooner.")
    if lost:
        yield warn(f"{name}: {lost}", f"Once its receiver takes them, bring them again: {replay}.")
