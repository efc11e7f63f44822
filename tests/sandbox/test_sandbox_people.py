"""Chats and people on the sandbox's page: names, pictures, history, who is in a group, and what is told of oneself."""

import contextlib

import pytest
from sandbox_browser import MODE, link, opened
from sandbox_media import ANNA, ANNA_PN

from wad.sandbox import PhoneRefusedError
from wad.sandbox.people import Person

BORIS, BORIS_PN = "+15550002222", "15550002222@c.us"
ME = "15551234567@c.us"
CONTACT = f"require('WAWebCollections').Contact.get({ANNA_PN!r})"
CHAT = f"require('WAWebCollections').Chat.get({ANNA_PN!r})"
PICTURE = "require('WAWebCollections').ProfilePicThumb.find"


@contextlib.asynccontextmanager
async def linked(directory, **options):
    """Open a page that is in step."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2, **options) as (sandbox, page):
        await link(sandbox, page)
        yield sandbox, page


def model(key: str) -> str:
    return f"require('WAWebCollections').Msg.get({key!r})"


def after(key: str) -> str:
    """Find three messages after one: the status, and their texts."""
    return f"""require('WAWebDBMessageFindLocal').msgFindAfter({{
      anchor: require('WAWebMsgKey').fromString({key!r}), count: 3 }})
      .then(({{ messages, status }}) => [status, ...messages.map((each) => each.body)])"""


@pytest.mark.parametrize("migrated", [False, True])
async def test_names(io_loop, tmp_path, migrated):
    """The address book's name goes before one's own, stays over a reload, and goes when it is taken out."""
    address = Person(ANNA.strip("+")).address(migrated=migrated)
    contact = f"require('WAWebCollections').Contact.get({address!r})"
    getters = "require('WAWebContactGetters')"
    formatted = f"require('WAWebFrontendContactGetters').getFormattedName({contact})"
    names = f"[{getters}.getName({contact}), {getters}.getPushname({contact}), {formatted}]"
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.lid(migrated=migrated)
        await sandbox.phone.receive(from_=ANNA, name="annie")
        await page.until(f"{contact}?.pushname", "annie")
        before = await page.evaluate(names)
        await sandbox.phone.contact(number=ANNA, name="Anna A.")
        await page.until(f"{contact}.name", "Anna A.")
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        known = await page.evaluate(f"[...{names}, {contact}.shortName, {contact}.isMyContact]")
        await sandbox.phone.contact(number=ANNA, name="")
        await page.until(f"{contact}.isMyContact === false")
        after = await page.evaluate(f"{contact}.formattedName")

    assert [None, "annie", "annie"] == before
    assert ["Anna A.", "annie", "Anna A.", "Anna", True] == known
    assert "annie" == after


async def test_history(io_loop, tmp_path):
    """What is no longer in memory is loaded, the oldest first, until nothing is left; found from a message on."""
    async with linked(tmp_path) as (sandbox, page):
        keys = [(await sandbox.phone.receive(from_=ANNA, text=f"{each}"))["id"] for each in range(60)]
        await page.until(f"Boolean({model(keys[-1])})")
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        load = (
            f"require('WAWebChatLoadMessages').loadEarlierMsgs({{ chat: {CHAT} }}).then((all) => all.length)"
        )
        loaded = [await page.evaluate(load) for _ in range(3)]
        bodies = await page.evaluate(f"{CHAT}.msgs.map((each) => each.body ?? null)")
        found = await page.evaluate(after(keys[2]))
        missing = await page.evaluate(after(f"{keys[2]}0"))

    assert [50, 12, 0] == loaded
    assert [None, None, *(f"{each}" for each in range(60))] == bodies
    assert [200, "3", "4", "5"] == found
    assert [404] == missing


async def test_pictures(io_loop, tmp_path):
    """Everybody has a picture, a group and the account too; it changes, and may be gone; the addresses serve it."""
    size = """(url) => fetch(url).then((each) => each.blob()).then((each) => createImageBitmap(each))
      .then(({ width }) => width)"""
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(people=ANNA))["id"]
        await sandbox.phone.picture(of=ME.partition("@")[0])
        lid = await page.evaluate("String(require('WAWebUserPrefsMeUser').getMaybeMeLidUser())")
        tag = "then(({ tag }) => tag)"
        tags = [await page.evaluate(f"{PICTURE}({each!r}).{tag}") for each in (group, ME, lid)]
        widths = await page.evaluate(
            f"{PICTURE}({ANNA_PN!r}).then(({{ img, eurl }}) => Promise.all([img, eurl].map({size})))"
        )
        picture = f"require('WAWebCollections').ProfilePicThumb.get({ANNA_PN!r})"
        first = await page.evaluate(f"fetch({picture}.eurl).then((each) => each.text())")
        changed = await sandbox.phone.picture(of=ANNA)
        await page.until(f"{picture}.tag", changed["tag"])
        second = await page.evaluate(f"fetch({picture}.eurl).then((each) => each.text())")
        before = await page.evaluate(f"{picture}.eurl")
        await sandbox.phone.picture(of=ANNA, there=False)
        await page.until(f"{picture}.tag === null")
        none = await page.evaluate(f"[{picture}.img, {picture}.eurl]")
        status = await page.evaluate(f"fetch({before!r}).then((each) => each.status)")

    assert ["1", "2", "2"] == tags
    assert [96, 640] == widths
    assert first != second
    assert [None, None] == none
    assert 404 == status


@pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])
async def test_coming_and_going(io_loop, tmp_path, by_lid):
    """Each change of a group is a row that names who did it and to whom, and its people are those it has then."""
    rows = """require('WAWebCollections').Msg.filter((each) => each.type === 'gp2').map((each) =>
      [each.subtype, String(each.author), each.recipients.map(String)])"""
    anna, boris = (Person(each.strip("+")).address(migrated=by_lid) for each in (ANNA, BORIS))
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(subject="Team", people=ANNA, lid=by_lid))["id"]
        await sandbox.phone.group(id=group, join=BORIS)
        await sandbox.phone.group(id=group, leave=BORIS)
        await sandbox.phone.group(id=group, people=f"{ANNA},{BORIS}")
        await sandbox.phone.group(id=group, people=ANNA)
        await sandbox.phone.group(id=group, admin=True)
        await page.until(f"{rows}.length", 6)
        told = await page.evaluate(rows)
        me = (
            await page.evaluate("String(require('WAWebUserPrefsMeUser').getMaybeMeLidUser())")
            if by_lid
            else ME
        )
        people = f"require('WAWebCollections').WAWebGroupMetadataCollection.get({group!r}).participants"
        left = await page.evaluate(f"{people}.map((each) => String(each.id))")
        chat = f"require('WAWebCollections').Chat.get({group!r})"
        await page.evaluate(f"require('WAWebExitGroupAction').sendExitGroup({chat})")
        await page.until(f"{people}.iAmMember() === false")
        last = await page.evaluate(f"{rows}.at(-1)")

    assert [
        ["create", anna, [anna]],
        ["invite", boris, [boris]],
        ["leave", boris, [boris]],
        ["add", anna, [boris]],
        ["remove", anna, [boris]],
        ["promote", anna, [me]],
    ] == told
    assert [anna, me] == left
    assert ["leave", me, [me]] == last


async def test_what_is_told_of_oneself(io_loop, tmp_path):
    """That somebody writes is told; that a chat was seen, only by who is available."""
    seen = f"require('WAWebUpdateUnreadChatAction').sendSeen({{ chat: {CHAT}, threadId: undefined }})"
    wid = f"require('WAWebWidFactory').createWid({ANNA_PN!r})"
    bridge = "require('WAWebChatStateBridge')"
    async with linked(tmp_path) as (sandbox, page):
        told = await sandbox.phone.receive(from_=ANNA)
        await page.until(f"Boolean({model(told['id'])})")
        await page.evaluate(seen)
        await page.evaluate("require('WAWebStreamModel').Stream.markAvailable()")
        await page.evaluate(seen)
        await page.evaluate(f"{bridge}.sendChatStateComposing({wid})")
        await page.evaluate(f"{bridge}.sendChatStatePaused({wid})")
        # What is asked after it is answered after it.
        await page.evaluate(f"{PICTURE}({ANNA_PN!r}).then(() => true)")
        told = await sandbox.phone.presence()

    assert [(ANNA, "composing"), (ANNA, "paused")] == [
        (each["to"], each["state"]) for each in told["presence"]
    ]
    assert [ANNA] == [each["chat"] for each in told["seen"]]
    assert told["available"]


async def test_nonsense(io_loop, tmp_path):
    """Neither a number that is none, nor a group that is none, has a picture or a name."""
    async with opened(tmp_path, navigating_iframes=False) as (sandbox, _):
        with pytest.raises(PhoneRefusedError, match="a number is"):
            await sandbox.phone.picture(of="Anna")
        with pytest.raises(PhoneRefusedError, match="no group"):
            await sandbox.phone.picture(of="120363012345678901@g.us")
        with pytest.raises(PhoneRefusedError, match="at most 100"):
            await sandbox.phone.contact(name="x" * 101)
