"""Media that the sandbox's page sends, as measured on the real one or, where that is not known, as peers send them."""

import asyncio
import contextlib
import time

import pytest
from sandbox_browser import link, opened
from sandbox_chromium import EvaluationError
from sandbox_media import ANNA, PNG, TOOLS, VOICE, arrived, held, sha256

PDF = b"%PDF-1.4 nothing"
MIB = 1024 * 1024
# In seconds: what nothing takes that comes to an end at all.
LONG = 120.0


@contextlib.asynccontextmanager
async def linked(directory, **options):
    """Open a page that is in step, with the tools to send media."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2, **options) as (sandbox, page):
        await link(sandbox, page)
        await page.evaluate(TOOLS)
        yield sandbox, page


async def test_nothing_runs_before_it_is_wanted(io_loop, tmp_path):
    """A page that is in step has defined what media need, and run none of it."""
    names = ["WAWebMediaOpaqueData", "WAWebPrepRawMedia", "WAWebMediaMmsV4Upload", "WAWebDownloadManager"]
    async with opened(tmp_path, navigating_iframes=False, sync_seconds=0.2) as (sandbox, page):
        await link(sandbox, page)
        ran = await page.evaluate(
            f"{names}.map((each) => require('__debug').modulesMap[each].factoryFinished)"
        )

    assert [False] * 4 == ran


async def test_an_image(io_loop, tmp_path):
    """A PNG goes out as a JPEG of its size, with its caption; the phone has what was uploaded."""
    async with linked(tmp_path) as (sandbox, page):
        done = await page.evaluate(f"window.sendFile(window.file({held(PNG)}, 'image/png'), {{}}, 'Look')")
        [told] = await arrived(sandbox)
        found = sandbox.phone.medium(told["id"])
        content = found.path.read_bytes()[: found.size]
        [message] = (await sandbox.phone.messages())["messages"]
        model = f"require('WAWebCollections').Msg.get({done['key']!r})"
        kept = await page.evaluate(f"{model}.serialize()")

    assert ("OK", done["key"]) == (done["messageSendResult"], told["id"])
    assert (ANNA, "image", "image/jpeg", "Look", 96, 96) == tuple(
        told[each] for each in ("to", "kind", "mimetype", "caption", "width", "height")
    )
    assert (sha256(content), len(content)) == (told["sha256"], told["size"])
    assert content.startswith(b"\xff\xd8\xff")
    assert {"id": done["key"], "to": ANNA, "text": "Look", "times": 1} == message
    assert kept["body"].startswith("/9j/")
    assert "mediaBlob" not in kept


async def test_documents_are_left_as_they_are(io_loop, tmp_path):
    """A PDF, and an image as a document, arrive untouched and under their names."""
    async with linked(tmp_path) as (sandbox, page):
        await page.evaluate(f"window.sendFile(window.file({held(PDF)}, 'application/pdf', 'a.pdf'), {{}})")
        await page.evaluate(
            f"window.sendFile(window.file({held(PNG)}, 'image/png', 'b.png'), {{asDocument: true}})"
        )
        told = await arrived(sandbox)

    assert [
        ("document", "application/pdf", "a.pdf", len(PDF), sha256(PDF)),
        ("document", "image/png", "b.png", len(PNG), sha256(PNG)),
    ] == [tuple(each[name] for name in ("kind", "mimetype", "filename", "size", "sha256")) for each in told]


async def test_a_voice_note(io_loop, tmp_path):
    """Opus in Ogg goes out as a voice note with its span; whatever else is no voice note."""
    wav = f"window.file({held(b'RIFF....WAVEfmt ')}, 'audio/wav')"
    async with linked(tmp_path) as (sandbox, page):
        note = f"window.file({held(VOICE)}, 'audio/ogg; codecs=opus')"
        await page.evaluate(f"window.sendFile({note}, {{isPtt: true}})")
        waveform = await page.evaluate(
            f"window.prepared({note}, {{isPtt: true}}).then((each) => [...each.waveform])"
        )
        [told] = await arrived(sandbox)
        with pytest.raises(EvaluationError, match="InvalidMediaCheckRepairFailedType"):
            await page.evaluate(f"window.prepared({wav}, {{isPtt: true}})")
        with pytest.raises(EvaluationError, match="InvalidMediaCheckRepairFailedType"):
            await page.evaluate(f"window.prepared({wav})")

    assert 64 == len(waveform)
    assert set(waveform) <= set(range(101))
    assert ("voice", 2, sha256(VOICE)) == (told["kind"], told["seconds"], told["sha256"])


async def test_a_large_document(io_loop, tmp_path):
    """64 MiB go through."""
    async with linked(tmp_path) as (sandbox, page):
        large = f"window.noise({64 * MIB}, 'application/zip', 'large.zip')"
        # The browser carries 64 MiB from process to process: on a busy machine that takes its time.
        sending = f"window.sendFile({large}, {{asDocument: true}}).then((each) => {{ window.sent = each; }})"
        await page.evaluate(f"void {sending}")
        end = time.monotonic() + LONG
        while not (media := await arrived(sandbox)):
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        [told] = media
        await page.until("window.sent?.messageSendResult", "OK")

    assert (64 * MIB, sha256(bytes([7]) * (64 * MIB))) == (told["size"], told["sha256"])


async def test_limits(io_loop, tmp_path):
    """The page knows its own limits, and none for a voice note."""
    limit = "require('WAWebMediaGatingUtils').getUploadLimit"
    async with linked(tmp_path) as (_, page):
        limits = await page.evaluate(
            f"['image', 'video', 'audio', 'sticker', 'document'].map((each) => {limit}(each))"
        )
        with pytest.raises(EvaluationError, match="unknown type"):
            await page.evaluate(f"{limit}('ptt')")

    assert [16 * MIB] * 4 + [2000 * MIB] == limits


@pytest.mark.parametrize("answer", ["down", "error", "broken"])
async def test_an_upload_fails(io_loop, tmp_path, answer):
    """A failed upload is a word and no exception; once the server is back it succeeds, and nothing is left over."""
    upload = f"window.uploaded(window.noise({2 * MIB}, 'application/zip')).then((each) => each.result.kind)"
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.media_server(answer=answer)
        failed = await page.evaluate(upload)
        await sandbox.phone.recover()
        succeeded = await page.evaluate(upload)
    left = [each.name for each in (tmp_path / "sandbox/media").iterdir()]

    assert ("error", "success") == (failed, succeeded)
    assert 1 == len(left)
    assert not left[0].endswith(".new")


async def test_an_upload_without_end(io_loop, tmp_path):
    """A server that never answers leaves the promise open."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.media_server(answer="endless", of="uploads")
        await page.evaluate(
            "window.open = 'open'; window.uploaded(window.noise(10, 'application/zip'))"
            ".then(() => { window.open = 'done'; }); true"
        )
        await page.evaluate("fetch('/status.json').then(() => true)")
        state = await page.evaluate("window.open")

    assert "open" == state


async def test_the_short_way(io_loop, tmp_path):
    """A prepared file may be sent by the page itself: it uploads it, and a failure is a word and ack -1."""
    send = f"""(async () => {{
      const {{ chat }} = await require('WAWebFindChatAction').findOrCreateLatestChat(
        require('WAWebWidFactory').createWid('{ANNA[1:]}@c.us'));
      const file = window.file({held(PNG)}, 'image/png');
      const opaque = await require('WAWebMediaOpaqueData').createFromData(file, file.type);
      const prep = require('WAWebPrepRawMedia').prepRawMedia(opaque, {{}});
      const {{ messageSendResult }} = await prep.sendToChat({{ chat, options: {{ caption: 'Look' }} }});
      return [messageSendResult, chat.msgs.getModelsArray().at(-1).ack];
    }})()"""
    async with linked(tmp_path) as (sandbox, page):
        sent = await page.evaluate(send)
        await sandbox.phone.media_server(answer="error", of="uploads")
        failed = await page.evaluate(send)
        told = await arrived(sandbox)

    assert "OK" == sent[0]
    assert ["ERROR_UPLOAD", -1] == failed
    assert [("image", "Look")] == [(each["kind"], each["caption"]) for each in told]
