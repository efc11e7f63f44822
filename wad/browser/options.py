"""What may be configured of a browser."""

from wad.browser.executables import AUTO
from wad.browser.proxy import ProxyCredentials
from wad.core.values import dataclass


@dataclass(frozen=True)
class LaunchOptions:
    """What may be configured; times in seconds."""

    executable: str | None = None
    """A path or a name on PATH; None looks for the ones in `wad.browser.executables.EXECUTABLES`."""
    arguments: tuple[str, ...] = ()
    """More flags, after wad's own."""
    kind: str = AUTO
    """Which names are looked for without an executable; see `wad.browser.executables.find_executable`."""
    proxy: str | None = None
    """``scheme://host:port``, without credentials: it stands on the command line."""
    proxy_credentials: ProxyCredentials | None = None
    """What the proxy is told if it asks; None tells it nothing."""
    start_timeout: float = 20.0
    silent_timeout: float = 6.0
    close_timeout: float = 10.0
    term_timeout: float = 3.0
    sandbox: bool = True
    """Whether the browser shuts its pages in; root has no such choice."""

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags that are not wad's own; Chromium goes by the last of several of a kind."""
        proxy = (f"--proxy-server={self.proxy}",) if self.proxy else ()
        return (*proxy, *self.arguments)
