"""What a route is: a path, its methods, its handler, and who may use it."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import Any

from tornado import web

from wad.core.values import dataclass


class Protection(Enum):
    """Who may use a route. Host and origin are judged on all of them."""

    # Always 200, whatever the link does; without the token, with the secrets blanked.
    OPEN = "open"
    # Nothing without the token, if one is configured.
    TOKEN = "token"  # noqa: S105 - the name of a protection
    # Shows no secret and changes nothing. Another site's page gets it only if its origin is listed.
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table. `pattern` is a regular expression for the whole path, without a trailing slash.

    `method` is GET, which brings HEAD with it, or another one, or several with blanks between them. `needs`
    are the arguments of the handler's `initialize`, besides the route itself and the guard. `described` tells
    whether the description for programs speaks of it: a page's files are for browsers, and no client wants a
    method for them.
    """

    pattern: str
    method: str
    handler: type[web.RequestHandler]
    protection: Protection
    needs: Mapping[str, Any] = field(default_factory=dict)
    described: bool = True

    @property
    def methods(self) -> tuple[str, ...]:
        """All the methods that are answered."""
        each = self.method.split()
        return (*each, "HEAD", "OPTIONS") if "GET" in each else (*each, "OPTIONS")


def check(routes: list[Route]) -> None:
    """Raise ValueError if a route does not say who may use it, or two have the same path."""
    seen = set()
    for route in routes:
        if not isinstance(route.protection, Protection):
            raise ValueError(f"the route {route.pattern} does not declare its protection")  # noqa: TRY004
        if route.pattern in seen:
            raise ValueError(f"the route {route.pattern} is there twice")
        seen.add(route.pattern)
