"""Media that come to the sandbox's page, and what it does when they are not to be had."""

import base64
import contextlib

import pytest
from sandbox_browser import MODE, link, opened
from sandbox_chromium import EvaluationError
from sandbox_media import ANNA, TOOLS, sha256

from wad.sandbox import PhoneRefusedError
from wad.sandbox.samples import noise

MIB = 1024 * 1024
# By kind: the type and the MIME type of its message.
KINDS = {
    "image": ("image", "image/png"),
    "video": ("video", "video/mp4"),
    "gif": ("video", "video/mp4"),
    "voice": ("ptt", "audio/ogg; codecs=opus"),
    "audio": ("audio", "audio/mpeg"),
    "document": ("document", "application/octet-stream"),
    "sticker": ("sticker", "image/webp"),
}


def model(key: str) -> str:
    return f"require('WAWebCollections').Msg.get({key!r})"


def fetched(key: str, qpl: str = "{ addAnnotations() { return this; }, addPoint() { return this; } }") -> str:
    """Download a message's medium as other people's clients do; give it in hexadecimal digits of its hash."""
    return f"""(async () => {{
      const {{ directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type }} = {model(key)};
      const {{ signal }} = new AbortController();
      const file = {{ directPath, encFilehash, filehash, mediaKey, mediaKeyTimestamp, type, signal, downloadQpl: {qpl} }};
      const content = await require('WAWebDownloadManager').downloadManager.downloadAndMaybeDecrypt(file);
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
      return [...hash].map((each) => each.toString(16).padStart(2, '0')).join('');
    }})()"""


def download(key: str) -> str:
    """Have the page download it by itself, and give the stages it passes."""
    return f"""(async () => {{
      const {{ mediaData }} = {model(key)};
      const stages = window.stages = [mediaData.mediaStage];
      mediaData.on('change:mediaStage', (_, stage) => stages.push(stage));
      await {model(key)}.downloadMedia({{ downloadEvenIfExpensive: true, rmrReason: 1 }});
      return window.stages;
    }})()"""


@contextlib.asynccontextmanager
async def linked(directory, **options):
    """Open a page that is in step."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2, **options) as (sandbox, page):
        await link(sandbox, page)
        await page.evaluate(TOOLS)
        yield sandbox, page


async def received(sandbox, page, **media) -> dict:
    """Let a medium come, and wait until the page has it."""
    told = await sandbox.phone.command("receive", {"from": ANNA, "text": "Look", "media": media})
    await page.until(f"Boolean({model(told['id'])})")
    return told


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind(io_loop, tmp_path, kind):
    """It comes as a message of its type, with all that is needed to fetch it, and is what the sender sent."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind=kind)
        message = await page.evaluate(f"{model(told['id'])}.serialize()")
        stages = await page.evaluate(download(told["id"]))
        content = await page.evaluate(fetched(told["id"]))

    assert KINDS[kind] == (message["type"], message["mimetype"])
    assert ("Look", told["media"]["size"]) == (message["caption"], message["size"])
    assert told["media"]["sha256"] == content == base64.b64decode(message["filehash"]).hex()
    assert (kind == "gif") == message.get("isGif", False)
    assert message["encFilehash"] != message["filehash"]
    assert ["INIT", "FETCHING", "RESOLVED"] == stages


async def test_given_and_made(io_loop, tmp_path):
    """What is given comes as it is, with its name; of a size alone, the same bytes each time."""
    given = base64.b64encode(b"%PDF-1.4").decode()
    async with linked(tmp_path) as (sandbox, page):
        pdf = await received(
            sandbox, page, kind="document", mimetype="application/pdf", filename="a.pdf", data=given
        )
        large = await received(sandbox, page, kind="document", size=3 * MIB + 1)
        message = await page.evaluate(f"{model(pdf['id'])}.serialize()")
        contents = [await page.evaluate(fetched(each["id"])) for each in (pdf, large)]

    assert ("document", "application/pdf", "a.pdf") == tuple(
        message[each] for each in ("type", "mimetype", "filename")
    )
    assert [sha256(b"%PDF-1.4"), sha256(b"".join(noise(3 * MIB + 1)))] == contents


async def test_what_the_phone_wrote(io_loop, tmp_path):
    """A medium sent from the own phone comes as an own message, and what came before a device was linked as history."""
    async with opened(tmp_path, navigating_iframes=False, sync_seconds=0.2) as (sandbox, page):
        before = await sandbox.phone.command("receive", {"from": ANNA, "media": {"kind": "image"}})
        await link(sandbox, page)
        await page.until(f"Boolean({model(before['id'])})")
        told = await sandbox.phone.command("write", {"to": ANNA, "media": {"kind": "voice", "seconds": 3}})
        await page.until(f"Boolean({model(told['id'])})")
        message = await page.evaluate(f"{model(told['id'])}.serialize()")
        contents = [await page.evaluate(fetched(each["id"])) for each in (before, told)]

    assert (True, "ptt", "3") == (message["id"]["fromMe"], message["type"], message["duration"])
    assert [before["media"]["sha256"], told["media"]["sha256"]] == contents


async def test_over_a_reload(io_loop, tmp_path):
    """In the row lies what is needed to fetch it, so that another document can."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        await page.evaluate(
            f"require('WAWebCollections').Msg.getMessagesById([{told['id']!r}]).then(() => true)"
        )
        stages = await page.evaluate(download(told["id"]))

    assert ["INIT", "FETCHING", "RESOLVED"] == stages


async def test_nobody_to_tell(io_loop, tmp_path):
    """Without somebody to tell of its progress, a download is a TypeError."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        with pytest.raises(EvaluationError, match="TypeError"):
            await page.evaluate(fetched(told["id"], "undefined"))


@pytest.mark.parametrize("code", [404, 410])
async def test_expired(io_loop, tmp_path, code):
    """What has expired the phone uploads again when it is asked to, under another path; the old one stays dead."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        before = await page.evaluate(f"{model(told['id'])}.directPath")
        assert {"id": told["id"]} == await sandbox.phone.expire(code=code)
        with pytest.raises(EvaluationError, match=f"HttpStatusCodeError: status {code}"):
            await page.evaluate(fetched(told["id"]))
        await page.evaluate(download(told["id"]))
        await page.until("window.stages.at(-1)", "RESOLVED")
        stages = await page.evaluate("window.stages")
        content = await page.evaluate(fetched(told["id"]))
        dead = await page.evaluate(f"fetch({before!r}).then((each) => each.status)")

    assert ["INIT", "FETCHING", "REUPLOADING", "INIT", "FETCHING", "RESOLVED"] == stages
    assert told["media"]["sha256"] == content
    assert code == dead


async def test_gone(io_loop, tmp_path):
    """What the phone no longer has is missing."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        await sandbox.phone.expire(id=told["id"], phone="gone")
        await page.evaluate(download(told["id"]))
        await page.until("window.stages.at(-1)", "ERROR_MISSING")
        stages = await page.evaluate("window.stages")

    assert ["INIT", "FETCHING", "REUPLOADING", "ERROR_MISSING"] == stages


async def test_away(io_loop, tmp_path):
    """A phone that is away answers nothing, and the medium stays where it is; asking again changes nothing."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        await sandbox.phone.expire(phone="away")
        stages = await page.evaluate(download(told["id"]))
        again = await page.evaluate(
            f"{model(told['id'])}.downloadMedia({{}}).then(() => window.stages.length)"
        )

    assert ["INIT", "FETCHING", "REUPLOADING"] == stages
    assert 3 == again


@pytest.mark.parametrize(
    ("answer", "error"), [("down", "status 0"), ("broken", "status 0"), ("error", "status 500")]
)
async def test_a_server_in_trouble(io_loop, tmp_path, answer, error):
    """A download that fails is told by the stage, and by the exception of who fetches it alone; later it succeeds."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="document", size=2 * MIB)
        await sandbox.phone.media_server(answer=answer)
        stages = await page.evaluate(download(told["id"]))
        with pytest.raises(EvaluationError, match=error):
            await page.evaluate(fetched(told["id"]))
        await sandbox.phone.media_server()
        healed = await page.evaluate(download(told["id"]))

    assert ["INIT", "FETCHING", "ERROR_UNKNOWN"] == stages
    assert ["ERROR_UNKNOWN", "FETCHING", "RESOLVED"] == healed


async def test_without_end(io_loop, tmp_path):
    """A download that comes to no end stays at its stage, until somebody gives it up."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="document", size=2 * MIB)
        await sandbox.phone.media_server(answer="endless")
        await page.evaluate(f"void {download(told['id'])}")
        await page.until("window.stages.at(-1)", "FETCHING")
        given_up = await page.evaluate(
            f"fetch({model(told['id'])}.directPath, {{ signal: AbortSignal.timeout(300) }})"
            ".then((each) => each.arrayBuffer()).catch((error) => error.name)"
        )
        stages = await page.evaluate("window.stages")

    assert "TimeoutError" == given_up
    assert ["INIT", "FETCHING"] == stages


async def test_a_slow_server(io_loop, tmp_path):
    """It takes its time by the sandbox's clock, and then it is there."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        await sandbox.phone.media_server(answer="slow", seconds=2)
        stages = await page.evaluate(download(told["id"]))

    assert ["INIT", "FETCHING", "RESOLVED"] == stages


async def test_another_hash(io_loop, tmp_path):
    """A file that is not what the message says of it is refused."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image", sha256="0" * 64)
        stages = await page.evaluate(download(told["id"]))
        with pytest.raises(EvaluationError, match="MediaDecryptionError"):
            await page.evaluate(fetched(told["id"]))

    assert "ERROR_UNKNOWN" == stages[-1]


async def test_a_caption_is_edited(io_loop, tmp_path):
    """Of a medium an edit changes the caption; a revocation takes all of it."""
    async with linked(tmp_path) as (sandbox, page):
        told = await received(sandbox, page, kind="image")
        await sandbox.phone.edit(text="Look again")
        await page.until(f"{model(told['id'])}.caption", "Look again")
        body = await page.evaluate(f"{model(told['id'])}.body")
        await page.evaluate(f"window.model = {model(told['id'])}; true")
        await sandbox.phone.revoke()
        await page.until("window.model.type", "revoked")
        left = await page.evaluate("[window.model.caption ?? null, Boolean(window.model.mediaData)]")

    assert body.startswith("/9j/")
    assert [None, False] == left


@pytest.mark.parametrize(
    ("media", "error"),
    [
        ({}, "kind must be one of"),
        ({"kind": "image", "colour": "red"}, "media takes"),
        ({"kind": "image", "size": "1"}, "size is of the wrong kind"),
        ({"kind": "image", "size": -1}, "size must be"),
        ({"kind": "image", "size": 1, "data": ""}, "not both"),
        ({"kind": "image", "data": "?"}, "must be base64"),
        ({"kind": "image", "sha256": "ab"}, "64 hexadecimal digits"),
    ],
)
async def test_nonsense(io_loop, tmp_path, media, error):
    """What is no medium is refused, and nothing comes."""
    async with opened(tmp_path, navigating_iframes=False) as (sandbox, _):
        with pytest.raises(PhoneRefusedError, match=error):
            await sandbox.phone.receive(media=media)
        assert [] == list((tmp_path / "sandbox/media").iterdir())
