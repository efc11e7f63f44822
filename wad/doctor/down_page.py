"""The page that nginx shows to people while wad is down: there, open to nginx, and let in by its policy."""

import base64
import grp
import hashlib
import pwd
import re
import stat
from pathlib import Path
from typing import Final

from wad.doctor.finding import Finding, ok, skipped, warn

_NGINX: Final = Path("/etc/nginx")
_LOCATION: Final = re.compile(
    r"^location = /wad-down-page \{.*?^\s*root\s+(?P<root>[^\s;]+);.*?^\s*try_files\s+(?P<file>\S+)",
    re.MULTILINE | re.DOTALL,
)
_USER: Final = re.compile(r"^\s*user\s+([\w.-]+)(?:\s+([\w.-]+))?\s*;", re.MULTILINE)
# What a browser runs and applies only if its hash stands in the policy.
_OWN: Final = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)
_AGAIN: Final = "Copy wad-routes.conf, wad-down.conf and wad-down.html of this wad to"
_OLD: Final = "while wad is down people are shown JSON"


def look(nginx: Path) -> Finding:
    """Look at the page as nginx would serve it, by its configuration in the folder `nginx`."""
    snippets = nginx / "snippets"
    again = f"{_AGAIN} {snippets}, then: nginx -t && systemctl reload nginx"
    try:
        routes = (snippets / "wad-routes.conf").read_text("utf-8", "replace")
        place = _LOCATION.search(routes)
        if place is None:
            return warn(f"{_OLD}: wad-routes.conf is of an older wad", again)
        page = _here(Path(place["root"]), nginx) / place["file"].lstrip("/")
        text = page.read_text("utf-8", "replace")
        policy = (snippets / "wad-down.conf").read_text("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError) as error:
        return warn(f"{_OLD}: {error.filename} is not there", again)
    except OSError as error:
        return skipped(f"{error.filename} cannot be read: {error.strerror}", "Be root.")
    user, groups = _nginx_user(nginx)
    if (closed := _closed(page, user, groups)) is not None:
        return warn(f"{_OLD}: {closed} is closed to nginx", f"chmod {_leave(closed)} {closed}")
    for kind, own in _OWN.findall(text):
        if f"'sha256-{_hash(own)}'" not in policy:
            return warn(
                f"{page.name} has another {kind} than wad-down.conf lets in: browsers leave it out",
                f"Put 'sha256-{_hash(own)}' in the place of {kind}-src's in {snippets / 'wad-down.conf'}, "
                "then: nginx -t && systemctl reload nginx",
            )
    return ok(f"while wad is down people are shown {page}")


def _here(folder: Path, nginx: Path) -> Path:
    """Give a folder of nginx's where its configuration is looked at."""
    return nginx / folder.relative_to(_NGINX) if folder.is_relative_to(_NGINX) else folder


def _nginx_user(nginx: Path) -> tuple[int | None, set[int]]:
    """Give whom nginx's workers run as; nobody whom the system knows has what all have."""
    try:
        match = _USER.search((nginx / "nginx.conf").read_text("utf-8", "replace"))
        known = pwd.getpwnam(match[1] if match else "nobody")
        group = grp.getgrnam(match[2]).gr_gid if match and match[2] else known.pw_gid
    except (OSError, KeyError):
        return None, set()
    return known.pw_uid, {group, *(each.gr_gid for each in grp.getgrall() if known.pw_name in each.gr_mem)}


def _closed(page: Path, user: int | None, groups: set[int]) -> Path | None:
    """Give the first on the way to the page that nginx may not enter, or the page that it may not read."""
    for path in (*reversed(page.parents), page):
        wanted = stat.S_IROTH if path == page else stat.S_IXOTH
        found = path.stat()
        # As the kernel judges: an owner by the owner's bits alone, then the group's, then all others'.
        if user == 0:
            continue
        shift = 6 if found.st_uid == user else 3 if found.st_gid in groups else 0
        if not found.st_mode >> shift & wanted:
            return path
    return None


def _leave(path: Path) -> str:
    return "a+x" if path.is_dir() else "a+r"


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
