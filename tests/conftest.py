"""What all tests share."""

import asyncio
from collections.abc import Iterator

import pytest
from tornado.ioloop import IOLoop

_NOT_RUN = ("skipped", "xfailed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every asynchronous test the loop, whether it names it or not: there is no other."""
    for item in items:
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.fixturenames[:0] = [] if "io_loop" in item.fixturenames else ["io_loop"]


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
    """Add the option ``script/test`` sets: whoever runs it has all that the tests need."""
    parser.addoption("--no-skips", action="store_true", help="count a skipped or xfailed test as failed")


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
