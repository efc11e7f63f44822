"""The configuration as the rest of wad sees it: checked, typed, frozen."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from wad.config.addresses import Address, TcpAddress
from wad.config.readers import Network
from wad.config.webhooks import WebhookConfig
from wad.core.deadlines import Deadlines
from wad.core.values import dataclass

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class HttpConfig:
    """Where HTTP is served and who may ask."""

    listen: tuple[Address, ...]
    public_url: str | None
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    cors: bool
    token_file: Path | None
    trusted_proxies: tuple[Network, ...]
    max_connections: int
    linked_screenshots: bool
    insecure: bool

    @property
    def hosts(self) -> tuple[str, ...]:
        """The accepted hosts; if none are named, the loopback names and `public_url`'s."""
        if self.allowed_hosts:
            return self.allowed_hosts
        public = urlsplit(self.public_url).netloc if self.public_url else ""
        return (*LOOPBACK_NAMES, public) if public else LOOPBACK_NAMES


@dataclass(frozen=True, slots=True)
class BrowserConfig:
    """Which Chromium, and what it is told besides wad's own arguments."""

    executable: Path | str | None
    kind: str
    arguments: tuple[str, ...]
    proxy: str | None
    proxy_credentials_file: Path | None
    sandbox: bool


@dataclass(frozen=True, slots=True)
class LinkConfig:
    """How the link is kept."""

    autostart: bool
    deadlines: Deadlines


@dataclass(frozen=True, slots=True)
class MessagesConfig:
    """How fast messages go out, how many may wait, and what is kept of them."""

    chat_interval: float
    chat_burst: int
    new_chats_per_day: int
    outbox_limit: int
    expires_in: float
    keep_days: float
    keep_events: int
    keep_mib: int
    private_webhooks: bool
    keep: bool
    media: str
    media_mib: int
    media_quota_mib: int
    media_keep_days: float
    private_media: bool


@dataclass(frozen=True, slots=True)
class WahaConfig:
    """WAHA's dialect."""

    enabled: bool


@dataclass(frozen=True, slots=True)
class LogConfig:
    """What the log looks like."""

    format: str
    level: str


@dataclass(frozen=True, slots=True)
class ControlConfig:
    """The control socket."""

    socket: Path


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """The stand-in for WhatsApp Web, and how faithful or contrary it is."""

    enabled: bool
    port: int
    clock: float
    modules: str
    debug: str
    qr_form: str
    pairing: str
    language: str


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration.

    `origins` says of each ``section.key`` where its value came from, `file` which file was read, if one was.
    """

    http: HttpConfig
    browser: BrowserConfig
    link: LinkConfig
    messages: MessagesConfig
    waha: WahaConfig
    log: LogConfig
    control: ControlConfig
    sandbox: SandboxConfig
    state_dir: Path
    webhooks: tuple[WebhookConfig, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    file: Path | None = field(default=None, compare=False, repr=False)

    @property
    def waha_url(self) -> str:
        """Where clients reach WAHA's dialect: by the public address, or else by the first on this machine."""
        tcp = (each for each in self.http.listen if isinstance(each, TcpAddress))
        here = next((str(each) for each in tcp), "127.0.0.1:3002")
        for every in ("0.0.0.0", "[::]"):
            here = here.replace(f"{every}:", "127.0.0.1:", 1)
        return f"{self.http.public_url or f'http://{here}'}/waha"

    @property
    def deadlines(self) -> Deadlines:
        """The deadlines in force: the sandbox's clock shortens those of the codes."""
        if not self.sandbox.enabled:
            return self.link.deadlines
        return self.link.deadlines.scaled_qr(1 / self.sandbox.clock)
