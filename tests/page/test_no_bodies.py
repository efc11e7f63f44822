"""What the page sends to its servers is nothing that the browser tells wad of."""

from messages_ear import linked

from wad.browser.cdp import PipeConnection
from wad.core.message import FileToSend, MediaKind


async def test_a_file_that_is_uploaded_does_not_come_through_the_pipe(tmp_path, monkeypatch):
    """Of a megabyte on its way to the servers the browser tells some thousand bytes."""
    path = tmp_path / "file"
    path.write_bytes(bytes(1 << 20))
    received = []
    inner = PipeConnection._received
    monkeypatch.setattr(
        PipeConnection, "_received", lambda self, raw: (received.append(len(raw)), inner(self, raw))
    )
    async with linked() as (_, page, _):
        received.clear()
        await page.upload("3EB0AA", FileToSend(path, MediaKind.DOCUMENT, "application/pdf"))

    assert received
    assert sum(received) < 200_000
