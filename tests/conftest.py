"""What all tests share."""

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings
from tornado.ioloop import IOLoop

# How fast a machine that others share makes examples up, or runs one, is nothing that a test here asks for.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

_NOT_RUN = ("skipped", "xfailed")
# A file's tests are one worker's. These take a minute or more: begun late, all others would wait for them at the end.
_FIRST = ("test_ui_states.py", "test_boot_life.py", "test_boot_faults.py", "test_openapi_schemathesis.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every asynchronous test the loop, whether it names it or not: there is no other."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path.name not in _FIRST)
    for item in items:
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.fixturenames[:0] = [] if "io_loop" in item.fixturenames else ["io_loop"]


@pytest.fixture
def restored_log() -> Iterator[None]:
    """Leave the process' log as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """Give a fresh loop; the plug-in's own fixture calls what Tornado has deprecated."""
    loop = IOLoop(make_current=False)
    asyncio.set_event_loop(loop.asyncio_loop)
    yield loop
    loop.run_sync(_finish)
    asyncio.set_event_loop(None)
    loop.close(all_fds=True)


async def _finish() -> None:
    """End what still runs, as `asyncio.run` does."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that the scripts set: whoever runs ``script/test`` has all that the tests need."""
    parser.addoption("--no-skips", action="store_true", help="count a skipped or xfailed test as failed")
    parser.addoption("--turns", type=int, default=2, help="how often to do what depends on chance")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have a test that asks for its ``turn`` run as often as the option says: a sample, or all night."""
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(metafunc.config.getoption("--turns")))


@pytest.fixture
def turns(pytestconfig: pytest.Config) -> int:
    """Give how often to do what depends on chance, for a test that counts for itself."""
    return int(pytestconfig.getoption("--turns"))


def _not_run(config: pytest.Config) -> Iterator[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if config.getoption("--no-skips") and reporter is not None:
        for outcome in _NOT_RUN:
            for report in reporter.stats.get(outcome, []):
                yield f"{outcome}: {report.nodeid}: {_reason(report)}"


def _reason(report: pytest.TestReport) -> str:
    """Return the sentence of a skip, which is the last of three, or the one of an expected failure."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[-1])
    return str(getattr(report, "wasxfail", ""))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the session if any test was not run."""
    if exitstatus == pytest.ExitCode.OK and any(_not_run(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the tests that were not run."""
    for number, line in enumerate(_not_run(config)):
        if number == 0:
            terminalreporter.section("not run, which counts as failed")
        terminalreporter.line(line)
