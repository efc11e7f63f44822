"""Waiting for the driver: never longer than its deadline, whatever it promises."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserHungError
from wad.link.driver import PageDriver

T = TypeVar("T")

log = structlog.get_logger(__name__)


async def close(driver: PageDriver, deadlines: Deadlines, *, gracefully: bool = True) -> None:
    """Close the browser; a phase that ends must never hang on the closing, nor on an error of it."""
    try:
        await in_time(driver.stop(gracefully=gracefully), deadlines.shutdown)
    except Exception:
        log.exception("driver_stop_failed", gracefully=gracefully)
        if gracefully:
            await close(driver, deadlines, gracefully=False)


async def in_time(asked: Awaitable[T], seconds: float) -> T:
    """Wait so long for the driver, whatever it promises, and give its answer. Raises BrowserHungError."""
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except TimeoutError as error:
        raise BrowserHungError(f"the browser's driver did not come back within {seconds:g} s") from error
