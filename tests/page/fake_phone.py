"""The phone beside the fake page, and the hand that makes trouble: the sandbox's verbs, as far as tests use them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wad.core.events import Failed
from wad.core.reasons import Reason
from wad.core.status import Account

if TYPE_CHECKING:  # each holds the other
    from fake_driver import FakeDriver
    from fake_page import Page

_REFUSALS = {
    400: Reason.PAIRING_REFUSED,
    403: Reason.PAIRING_NOT_ALLOWED,
    429: Reason.PAIRING_RATE_LIMITED,
    452: Reason.PAIRING_NOT_ALLOWED,
}


class FakePhone:
    """Changes the servers or the page, as the person who holds it wants."""

    def __init__(self, driver: "FakeDriver") -> None:
        self._driver = driver
        self._servers = driver.servers
        self._refusals: dict[str, Reason] = {
            "ban": Reason.TEMPORARILY_BANNED,
            "service_unavailable": Reason.SERVICE_UNAVAILABLE,
            "terms": Reason.TERMS_OF_SERVICE,
            "deprecated": Reason.UPDATE_REQUIRED,
            "proxy_block": Reason.HOSTS_BLOCKED,
            "conflict": Reason.REPLACED,
        }
        self._verbs: dict[str, Callable[..., dict[str, Any] | None]] = {
            name: getattr(self, f"_{name}")
            for name in (
                *("scan", "logout", "state", "offline", "online", "update", "stall_sync", "resume_sync"),
                *("sync_progress", "recover", "next_ref", "spend", "replace", "storage_error", "reload"),
                *("crash", "hang", "unregister_models", "new_adv_secret", "rename"),
                *("enter_code", "forge", "refuse_pairing", "allow_pairing"),
            )
        }

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command by its name."""
        return self.now(name, **arguments)

    def now(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Do the same without waiting."""
        if name in self._refusals:
            return self._refuse(self._refusals[name])
        return self._verbs[name](**arguments) or {}

    @property
    def _page(self) -> "Page | None":
        life = self._driver.life
        return life.page if life is not None and life.up else None

    def _changed(self) -> None:
        if self._page is not None and self._driver.life is not None:
            self._driver.life.changed()

    def _refuse(self, reason: Reason) -> dict[str, Any]:
        self._servers.refusal = reason
        return self._reconnect()

    def _reconnect(self) -> dict[str, Any]:
        if self._page is not None:
            self._page.connect()
        return {}

    def _state(self) -> dict[str, Any]:
        code = self._page.code if self._page is not None else None
        text = code.text if code is not None else None
        pages = [{"shown": text, "live": text}] if self._page is not None else []
        return {"pages": pages, "devices": [{}] if self._servers.linked else []}

    def _scan(self, number: str = "15551234567", name: str = "Fake Phone", platform: str = "android") -> None:
        page = self._page
        if page is None or page.code is None:
            raise ValueError("Couldn't link device: no page shows a live code")
        self._link(page, Account(number, name, platform))

    def _forge(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page.unsure = True
        self._changed()

    def _enter_code(
        self,
        code: str | None = None,
        number: str | None = None,
        name: str = "Fake Phone",
        platform: str = "android",
    ) -> None:
        page = self._page
        if page is None or page.pairing is None or number not in {None, page.phone}:
            raise ValueError("Couldn't link device: the code is unknown or has expired")
        if code not in {None, page.pairing.text}:
            if (
                number is not None
            ):  # whose code it is, is known; that it is another one, the phone alone can tell
                page.enter()
            raise ValueError("Couldn't link device: the code is wrong")
        self._link(page, Account(page.phone, name, platform))

    def _refuse_pairing(self, code: int = 429) -> None:
        self._servers.refuses = _REFUSALS.get(code, Reason.PAIRING_FAILED)

    def _allow_pairing(self) -> None:
        self._servers.refuses = None

    def _link(self, page: "Page", account: Account) -> None:
        self._driver.profile.account = account
        self._servers.linked = True
        page.close()
        self._changed()  # registered, and not yet in step
        page.connect()

    def _logout(self) -> None:
        self._servers.linked = False
        if self._page is not None and self._driver.life is not None and not self._servers.offline:
            self._driver.profile.account = None
            self._changed()
            self._driver.life.reload()

    def _offline(self) -> None:
        self._servers.offline = True
        if self._page is not None:
            self._page.close()
        self._changed()

    def _online(self) -> None:
        self._servers.offline = False
        self._reconnect()

    def _update(self, *, forced: bool = False) -> None:
        if forced:
            self._refuse(Reason.UPDATE_REQUIRED)

    def _stall_sync(self) -> None:
        self._servers.stalled = True

    def _resume_sync(self) -> None:
        self._servers.stalled = False
        self._reconnect()

    def _sync_progress(self, percent: int = 50) -> None:
        if self._page is not None:
            self._page.progress = percent
        self._changed()

    def _recover(self) -> None:
        self._servers.refusal = None
        self._servers.models = True
        self._servers.renamed.clear()
        self._servers.stalled = self._servers.silent = self._servers.offline = False
        self._servers.refuses = None
        if self._page is not None and not self._page.loaded:
            self._reload()
        else:
            self._reconnect()

    def _next_ref(self) -> None:
        if self._page is not None:
            self._page.next_ref()

    _new_adv_secret = _next_ref

    def _spend(self) -> None:
        if self._page is not None:
            self._page.spend()

    def _replace(self) -> None:
        self._trouble(Reason.REPLACED)

    def _storage_error(self) -> None:
        self._trouble(Reason.STORAGE_FULL)

    def _trouble(self, reason: Reason) -> None:
        if self._page is not None:
            self._page.close()
            self._page.trouble = reason
        self._changed()

    def _unregister_models(self) -> None:
        self._servers.models = False

    def _rename(self, name: str) -> None:
        self._servers.renamed.add(name)

    def _reload(self) -> None:
        if self._page is not None and self._driver.life is not None:
            self._driver.life.reload()

    def _crash(self) -> None:
        life = self._driver.life
        if life is not None and life.up:
            life.page.close()
            life.page.loaded = False
            life.hung = True
            life.tell(Failed(Reason.PAGE_CRASHED))

    def _hang(self, seconds: float = 10.0) -> None:  # noqa: ARG002 - the fake never comes back
        if self._driver.life is not None:
            self._driver.life.hung = True
