"""Neither a code nor a token gets into the log, whatever is logged and however it goes wrong."""

import logging

import pytest
from frontend_harness import TOKEN
from gateway_harness import TRANSPORTS, open_harness, python_client, text
from socketio.exceptions import ConnectionError as CannotConnect
from structlog.testing import capture_logs


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_no_secrets(io_loop, caplog, transport):
    """With every logger at DEBUG neither the text nor the picture of a code is logged, nor a token."""
    caplog.set_level(logging.DEBUG)
    for name in ("wad.web.gateway.socketio", "tornado", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    with capture_logs() as logged:
        async with open_harness(TOKEN) as harness:
            harness.show_code()
            async with python_client(harness, transport, auth={"token": TOKEN}) as client:
                picture = await client.argument("wa:qr")
                harness.link()
                await client.next("ready")
            with pytest.raises(CannotConnect):
                async with python_client(harness, transport, auth={"token": f"wrong {TOKEN}"}):
                    pass
    # The test's own client logs, too: that is not ours.
    ours = [each.getMessage() for each in caplog.records if not each.name.endswith(".client")]
    everything = repr(logged) + repr(ours)

    for secret in (text(1), picture, picture[100:200], TOKEN):
        assert secret not in everything


async def test_viewer_fails(io_loop, monkeypatch):
    """A failure inside ends that client's connection, to come again, and is logged by its class."""
    with capture_logs() as logged:
        async with open_harness() as harness:

            def fail():
                raise RuntimeError(text(1))

            async with python_client(harness) as client:
                await client.argument("connection-state")
                monkeypatch.setattr(harness.presenter, "data_url", fail)
                harness.show_code()
                await client.next("disconnect")

    failures = [line for line in logged if line["log_level"] == "error"]

    assert [("viewer_failed", "RuntimeError")] == [(line["event"], line["error"]) for line in failures][:1]
    assert text(1) not in repr(logged)
