"""The token and the proxy's credentials, and what must not be served without a token.

No error of this file contains one of them or a part of it.
"""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from wad.config.addresses import Address
from wad.config.files import read_bounded
from wad.config.model import BrowserConfig, Config
from wad.config.webhooks import WebhookConfig
from wad.core.errors import ConfigError

# Sixteen characters are what nobody tries through HTTP, as long as they are not a word.
MIN_TOKEN = 16
# systemd wants a default for a credential that is not there; an empty one would be ignored.
NO_TOKEN = "none"  # noqa: S105 - it says that there is none
_MAX_FILE = 4096
_HOW = "write one with: openssl rand -hex 32"


def read_token(path: Path | None) -> str | None:
    """Return the token in the file; None if there is no file to read or it says ``none``."""
    if path is None:
        return None
    token = _content(path).strip()
    if token == NO_TOKEN:
        return None
    _check(path, token)
    return token


def _content(path: Path) -> str:
    def check(status: os.stat_result) -> None:
        if status.st_mode & stat.S_IROTH:
            raise ConfigError(
                f"the token file {path} can be read by every local user: type chmod o-rwx {path}"
            )

    try:
        return read_bounded(path, _MAX_FILE, check=check).decode("ascii", "replace")
    except OSError as exc:
        raise ConfigError(f"the token file {path} cannot be read: {exc.strerror}") from exc


def _check(path: Path, token: str) -> None:
    """Refuse what is too short to protect anything, or what an HTTP header cannot carry."""
    if len(token) < MIN_TOKEN:
        raise ConfigError(f"the token in {path} has fewer than {MIN_TOKEN} characters; {_HOW}")
    if not re.fullmatch(r"[!-~]+", token):
        raise ConfigError(f"the token in {path} must be one line of ASCII without blanks; {_HOW}")


def read_proxy_credentials(browser: BrowserConfig) -> tuple[str, str] | None:
    """Return user and password for the proxy; None if no file is named. Raises ConfigError."""
    path = browser.proxy_credentials_file
    if path is None:
        return None
    if not (browser.proxy or "").startswith(("http://", "https://")):
        raise ConfigError("[browser] proxy_credentials_file goes with a [browser] proxy of http or https")
    user, colon, password = _private(path).strip("\r\n").partition(":")
    if not (user and colon and password.isprintable()):
        raise ConfigError(f"the credentials in {path} must be one line, user:password")
    return user, password


def _private(path: Path) -> str:
    def check(status: os.stat_result) -> None:
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(f"others may read the proxy's credentials in {path}: type chmod 600 {path}")

    try:
        return read_bounded(path, _MAX_FILE, check=check).decode()
    except OSError as exc:
        raise ConfigError(f"the proxy's credentials in {path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError:
        raise ConfigError(f"the credentials in {path} must be one line of UTF-8, user:password") from None


def read_webhook_secrets(hook: WebhookConfig) -> list[str]:
    """Return the secrets in a webhook's file, one a line. Raises ConfigError."""
    path = hook.secret_file

    def check(status: os.stat_result) -> None:
        if status.st_mode & stat.S_IROTH:
            raise ConfigError(
                f"the secret file {path} can be read by every local user: type chmod o-rwx {path}"
            )

    try:
        return read_bounded(path, _MAX_FILE, check=check).decode("ascii", "replace").split()
    except OSError as exc:
        raise ConfigError(f"the secret file {path} cannot be read: {exc.strerror}") from exc


def require_safe(config: Config, token: str | None, listening: Iterable[Address] | None = None) -> None:
    """Refuse to serve beyond this machine without a token, unless the configuration insists.

    `listening` are the addresses in use, if they are not the configured ones: systemd's sockets.
    """
    if token is not None or config.http.insecure:
        return
    for address in config.http.listen if listening is None else listening:
        if not address.loopback:
            raise ConfigError(
                f"[http] listen = {address} can be reached from other machines, and no token is set:"
                " set [http] token_file, listen on 127.0.0.1, or say insecure = true"
            )
