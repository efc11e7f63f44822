"""The configuration, and the browser it names: there, runnable, and with a sandbox of its own."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from wad.browser.executables import find_executable
from wad.config import DEFAULT, Config, read_token, require_safe
from wad.core.errors import BrowserMissingError, ConfigError
from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, warn
from wad.doctor.identity import uid_of
from wad.doctor.machine import PROGRAM, call
from wad.doctor.namespaces import blocked
from wad.doctor.webhooks import config_errors

_VERSION: Final = re.compile(r"(?:Chromium|Google Chrome|HeadlessChrome)\D*[\d.]+")
# Debian's package chromium-sandbox; it needs no user namespaces.
_SETUID: Final = Path("/usr/lib/chromium/chrome-sandbox")
# user_namespaces(7); the first is Debian's and Ubuntu's own switch, and gone from later kernels.
_SWITCHES: Final = {"kernel/unprivileged_userns_clone": "1", "user/max_user_namespaces": "15000"}
# Ubuntu 23.10 and later: only programs whose AppArmor profile says "userns" may make one.
_APPARMOR: Final = "kernel/apparmor_restrict_unprivileged_userns"


def check_config(case: Case) -> Iterator[Finding]:
    """Say which places of the configuration are wrong, webhooks' included; else that it is right."""
    first = case.config_error or _token_error(case)
    # Where the file is no configuration there are no webhooks of its to judge.
    errors = [*([first] if first else []), *config_errors(case)]
    if not errors:
        yield ok(f"{_read(case.config)}: valid")
    for error in errors:
        if isinstance(error.__cause__, PermissionError):
            yield skipped(str(error), f"Run it as root: sudo {case.wadctl('doctor')}.")
        else:
            yield fail(str(error), f"Mend it (see wad.toml(5)), then: {case.how('restart')}.")


def _read(config: Config) -> str:
    """Tell which file was read; one that is all comments is there, too."""
    origins = set(config.origins.values())
    if config.file is None:
        return "no file, the defaults" if origins <= {DEFAULT} else "no file, but the environment or flags"
    return str(config.file) if str(config.file) in origins else f"{config.file}, which sets nothing"


def _token_error(case: Case) -> ConfigError | None:
    try:
        token = read_token(case.config.http.token_file)
        held = case.unit.addresses() if case.unit else ()
        require_safe(case.config, token, held or None)
    except ConfigError as exc:
        return exc
    return None


def check_chromium(case: Case) -> Iterator[Finding]:
    """Find the browser as the daemon does, and have it tell its version."""
    configured = case.config.browser.executable
    try:
        path = find_executable(str(configured) if configured else None, case.config.browser.kind)
    except BrowserMissingError as exc:
        yield fail(str(exc), _get_browser(case, configured=configured is not None))
        return
    try:
        ended = call([str(path), "--version"], case.machine.env, PROGRAM)
    except OSError as exc:
        yield fail(f"{path} cannot be run: {exc.strerror or exc}", _reinstall(path))
        return
    match = _VERSION.search(ended.out)
    if ended.code:
        yield fail(f"{path} --version ended with {ended.code}", _reinstall(path))
    elif match is None:
        yield fail(f"{path} --version told no version", _reinstall(path))
    else:
        yield ok(f"{match[0]} at {path}")


def _get_browser(case: Case, *, configured: bool) -> str:
    if configured:
        way = "Mend [browser] executable, or take it out and: apt install chromium"
        return f"{way}; then: {case.how('restart')}."
    package = "chromium-headless-shell" if case.config.browser.kind == "shell" else "chromium"
    return f"apt install {package}; then: {case.wadctl('start')}."


def _reinstall(path: Path) -> str:
    return f"See what it says: {path} --version; then: apt install --reinstall chromium."


def check_sandbox(case: Case) -> Iterator[Finding]:
    """Tell whether Chromium can shut its pages in: by user namespaces, or by its setuid helper."""
    if "--no-sandbox" in case.config.browser.arguments:
        yield warn("switched off by [browser] arguments", "Take --no-sandbox out of them.")
    elif not case.config.browser.sandbox:
        yield warn("switched off by [browser] sandbox = false", f"Take it out; then: {case.how('restart')}.")
    elif uid_of(case) == 0:
        yield warn("wad runs as root, where Chromium has none", "Run wad as a user of its own (User=wad).")
    else:
        yield _namespaces(case)


def _namespaces(case: Case) -> Finding:
    off = next((name for name in _SWITCHES if case.machine.kernel(name) == "0"), None)
    apparmor = case.machine.kernel(_APPARMOR) == "1"
    tried = blocked(case) if off is None and not apparmor else None
    if off is None and not apparmor and tried is None:
        return ok("user namespaces can be used")
    if helper := _setuid_helper(case):
        return ok(f"by the setuid helper {helper}")
    if tried is not None:
        return tried
    if off is None:
        return warn(
            f"{_APPARMOR} = 1: only programs with an AppArmor profile may make user namespaces",
            "If Chromium dies at its start, install its AppArmor profile, or: apt install chromium-sandbox.",
        )
    key = off.replace("/", ".")
    return fail(
        f"{key} = 0 forbids the user namespaces Chromium needs",
        f"apt install chromium-sandbox, or: sysctl -w {key}={_SWITCHES[off]} (and in /etc/sysctl.d/).",
    )


def _setuid_helper(case: Case) -> Path | None:
    named = (case.env or {}).get("CHROME_DEVEL_SANDBOX")
    for path in [Path(named)] if named else [_SETUID]:
        with suppress(OSError):
            status = os.stat(path)  # noqa: PTH116 - mode and owner of one call
            if status.st_mode & stat.S_ISUID and status.st_uid == 0:
                return path
    return None
