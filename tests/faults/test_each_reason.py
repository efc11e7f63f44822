"""Each reason of the closed table is produced by something outside wad, and a test says what wad makes of it.

`PRODUCED` names that test; a reason that is added to the table, a test that is gone, and one that no longer requires
the reason, fail here. What no other folder has is below, with the real daemon and Chromium, asked over HTTP.
"""

import ast
from pathlib import Path

import pytest
from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon

from wad.core.reasons import REASONS, Reason

TESTS = Path(__file__).parents[1]
HERE = "faults/test_each_reason.py"
PRODUCED = {
    Reason.STOPPED: "daemon/test_daemon_link.py::test_a_stop_is_remembered_until_the_next_start",
    Reason.QR_EXPIRED: "daemon/test_daemon_codes.py::test_codes_end_when_nobody_wants_them",
    Reason.PAIRING_REFUSED: "daemon/test_daemon_pairing.py::test_why_there_is_no_code",
    Reason.PAIRING_RATE_LIMITED: "daemon/test_daemon_pairing.py::test_why_there_is_no_code",
    Reason.PAIRING_NOT_ALLOWED: "daemon/test_daemon_pairing.py::test_why_there_is_no_code",
    Reason.PAIRING_FAILED: "daemon/test_daemon_pairing.py::test_why_there_is_no_code",
    Reason.BROWSER_CRASHED: "faults/test_processes.py::test_the_link_comes_back",
    Reason.BROWSER_HUNG: "faults/test_processes.py::test_the_link_comes_back",
    Reason.PAGE_CRASHED: "faults/test_processes.py::test_the_link_comes_back",
    Reason.LOAD_TIMEOUT: "faults/test_processes.py::test_a_page_that_comes_back_as_something_else",
    Reason.CODE_TIMEOUT: f"{HERE}::test_no_code_comes",
    Reason.NETWORK_UNREACHABLE: "daemon/test_daemon_network.py::test_a_live_daemon_without_network_answers_and_says_so",
    Reason.SERVICE_UNAVAILABLE: f"{HERE}::test_troubles_as_they_are_answered",
    Reason.LOGGED_OUT: f"{HERE}::test_goodbyes_as_they_are_answered",
    Reason.HISTORY_SYNC_TIMEOUT: f"{HERE}::test_goodbyes_as_they_are_answered",
    Reason.SYNC_FAILED: f"{HERE}::test_goodbyes_as_they_are_answered",
    Reason.IDENTITY_CHANGED: f"{HERE}::test_goodbyes_as_they_are_answered",
    Reason.ACCOUNT_LOCKED: f"{HERE}::test_goodbyes_as_they_are_answered",
    Reason.REPLACED: f"{HERE}::test_troubles_as_they_are_answered",
    Reason.READY_TIMEOUT: f"{HERE}::test_chats_that_never_come",
    Reason.TOO_MANY_OPEN_FILES: "faults/test_descriptors.py::test_a_linked_daemon_is_linked_again",
    # A defect of wad's own, which nothing outside has.
    Reason.INTERNAL_ERROR: "link/test_trouble.py::test_a_start_that_fails",
    # Said by nginx.
    Reason.DAEMON_UNAVAILABLE: "system/test_nginx_down.py::test_nobody_else_is",
    Reason.BROWSER_MISSING: "daemon/test_daemon_browser.py::test_a_missing_browser_blocks_and_tells_what_to_install",
    Reason.SANDBOX_FORBIDDEN: "daemon/test_daemon_browser.py::test_a_browser_without_a_sandbox_blocks_and_says_so",
    Reason.PROFILE_LOCKED: "faults/test_browser_left.py::test_a_lock_that_goes_away_is_noticed",
    Reason.STORAGE_FULL: "faults/test_disk_again.py::test_space_is_noticed_by_itself",
    Reason.HOSTS_BLOCKED: "daemon/test_daemon_network.py::test_hosts_that_are_blocked_are_named",
    Reason.TEMPORARILY_BANNED: f"{HERE}::test_troubles_as_they_are_answered",
    Reason.TERMS_OF_SERVICE: f"{HERE}::test_troubles_as_they_are_answered",
    Reason.UPDATE_REQUIRED: f"{HERE}::test_troubles_as_they_are_answered",
    Reason.UNSUPPORTED_BROWSER: f"{HERE}::test_a_browser_that_is_refused",
    Reason.PAGE_CHANGED: f"{HERE}::test_models_that_have_moved",
}
# What the phone can do to a page without an account, and to a linked one.
TROUBLES = {
    "ban": Reason.TEMPORARILY_BANNED,
    "service_unavailable": Reason.SERVICE_UNAVAILABLE,
    "terms": Reason.TERMS_OF_SERVICE,
    "deprecated": Reason.UPDATE_REQUIRED,
    "proxy_block": Reason.HOSTS_BLOCKED,
    "replace": Reason.REPLACED,
    "storage_error": Reason.STORAGE_FULL,
}
GOODBYES = {
    "history_sync_timeout": Reason.HISTORY_SYNC_TIMEOUT,
    "syncd_failure": Reason.SYNC_FAILED,
    "account_locked": Reason.ACCOUNT_LOCKED,
    "primary_identity_key_change": Reason.IDENTITY_CHANGED,
    "client_fatal_error": Reason.LOGGED_OUT,
}


class Source:
    """A test's module: what one function of it requires, and not merely mentions."""

    def __init__(self, text):
        self.tree = ast.parse(text)
        assigned = [node for node in self.tree.body if isinstance(node, ast.Assign)]
        self.constants = {
            node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)
        }

    def required(self, function):
        """Give the texts and the reasons in its assertions, waits and parameters, and in the constants these name."""
        (found,) = [each for each in self.tree.body if getattr(each, "name", None) == function]
        asked = [node for node in ast.walk(found) if isinstance(node, ast.Assert) or is_wait(node)]
        seen, left = set(), [*asked, *found.decorator_list]
        while left:
            for node in ast.walk(left.pop()):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    seen.add(node.value)
                elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "Reason":
                    seen.add(Reason[node.attr].value)
                elif isinstance(node, ast.Name) and node.id in self.constants and node.id not in seen:
                    seen.add(node.id)
                    left.append(self.constants[node.id])
        return seen


def is_wait(node):
    """Tell whether this fails unless a status, or a line of the log, has the values that are named."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", None) in {"wait", "wait_line"}


def test_the_list_is_the_table():
    """No reason is without somebody who produces it."""
    assert {*REASONS} == {*PRODUCED}


@pytest.mark.parametrize("reason", PRODUCED)
def test_somebody_produces_it(reason):
    """The test that is named is there, and fails without the reason."""
    file, _, function = PRODUCED[reason].partition("::")

    assert reason in Source((TESTS / file).read_text()).required(function)


def test_a_reason_that_is_only_mentioned():
    """Neither a docstring nor what is merely done makes a test require a reason."""
    source = Source('''
OTHERS = {"ban": Reason.REPLACED}

@pytest.mark.parametrize("reason", [Reason.STOPPED])
async def test_it(reason):
    """page_changed"""
    await daemon.phone("storage_full")
    await daemon.wait(reason="logged_out")
    told = "sync_failed"
    assert told in OTHERS
''')

    assert {"stopped", "logged_out", "replaced"} == source.required("test_it") & {*REASONS}


async def test_troubles_as_they_are_answered(folder):
    """What WhatsApp does instead of letting a page in is answered as its reason, in that one's state, in its words."""
    told = {}
    async with Daemon(folder / "state", env={**HASTY, **SMALL_BROWSER}) as daemon:
        for verb, reason in TROUBLES.items():
            await daemon.new_code()
            await daemon.phone(verb)
            status = await daemon.wait(reason=reason)
            told[verb] = status["currentState"], status["message"]
            await daemon.phone("recover")
            await daemon.post("/api/whatsapp/start")

    assert {
        verb: (REASONS[reason].state, f"WhatsApp client not ready: {REASONS[reason].sentence}")
        for verb, reason in TROUBLES.items()
    } == told


async def test_goodbyes_as_they_are_answered(folder):
    """Why a page ended its link is in the history, and a code of another session follows."""
    async with Daemon(folder / "state", env={**HASTY, **SMALL_BROWSER}) as daemon:

        async def ends():
            past = (await daemon.get("/api/whatsapp/history")).json["transitions"]
            return [each["reason"] for each in past if each["phase"] == "forgetting"]

        for count, said in enumerate(GOODBYES, 1):
            await daemon.link()
            if said == "primary_identity_key_change":
                await daemon.phone("change_identity")
            else:
                await daemon.phone("page_logout", reason=said)

            async def ended(count=count):
                return len(await ends()) == count

            await until(ended, "the end of the link")
        told = await ends()

    assert [*GOODBYES.values()] == told


async def test_no_code_comes(folder):
    """A page that is there and shows no code in time is opened anew; the next one's code is told."""
    settings = {**HASTY, **SMALL_BROWSER, "WAD_LINK_FIRST_CODE": "4"}
    async with Daemon(folder / "state", env=settings) as daemon:
        await daemon.new_code()
        await daemon.phone("no_ref", seconds=6000)
        status = await daemon.wait(currentState="disconnected")
        await daemon.new_code()

    assert "code_timeout" == status["reason"]


async def test_chats_that_never_come(folder):
    """A link without progress is given up with its session kept: once the chats come, it is ready without a scan."""
    async with Daemon(folder / "state", env={**HASTY, **SMALL_BROWSER, "WAD_LINK_READY": "4"}) as daemon:
        await daemon.new_code()
        await daemon.phone("stall_sync")
        await daemon.phone("scan")
        status = await daemon.wait(currentState="disconnected")
        await daemon.phone("resume_sync")
        async with daemon.watched() as watch:
            await daemon.wait(currentState="ready")

    assert "ready_timeout" == status["reason"]
    assert "qr" not in watch.states


async def test_models_that_have_moved(linked_state):
    """A build that wad does not know is told as such once the page had its time; a known one is linked as before."""
    settings = {**HASTY, **SMALL_BROWSER, "WAD_LINK_PAGE_LOAD": "6", "WAD_LINK_FIRST_CODE": "4"}
    async with Daemon(linked_state, "--sandbox", "--no-autostart", env=settings) as daemon:
        await daemon.phone("unregister_models")
        await daemon.post("/api/whatsapp/start")
        status = await daemon.wait(currentState="blocked")
        await daemon.phone("recover")
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(currentState="ready")
        states = await daemon.states()

    assert "page_changed" == status["reason"]
    assert "idle -> qr" not in states


async def test_a_browser_that_is_refused(folder):
    """A browser that calls itself headless gets a page for others; that is told, and nobody is kept waiting."""
    settings = {**HASTY, "WAD_BROWSER_ARGUMENTS": "--user-agent=Mozilla/5.0 HeadlessChrome/156.0.0.0"}
    async with Daemon(folder / "state", env=settings) as daemon:
        status = await daemon.wait(currentState="blocked")

    assert "unsupported_browser" == status["reason"]
