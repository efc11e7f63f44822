"""Groups in the sandbox's page: who is in them, by number or by LID, who wrote, who has read, who may not write."""

import contextlib

import pytest
from sandbox_browser import MODE, link, opened, running
from sandbox_chromium import EvaluationError

from wad.sandbox import PhoneRefusedError
from wad.sandbox.people import Person

ANNA, BORIS, CLARA = "4915112345678", "15550002222", "15550003333"
ME = "15551234567@c.us"
PEOPLE = f"+{ANNA},+{BORIS}"
NOWHERE = "120363000000000000@g.us"
by_number_and_by_lid = pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])
WATCH = """(() => {
  const { Msg } = require('WAWebCollections');
  window.acks = [];
  window.added = [];
  window.codes = [];
  Msg.on('add', ({ type, subtype, isNewMsg }) => window.added.push([type, subtype, isNewMsg]));
  Msg.on('change:ack', (msg, ack) => window.acks.push(ack));
  const job = require('WAWebSendMsgJob');
  const send = job.encryptAndSendMsg;
  job.encryptAndSendMsg = async (...all) => {
    const answer = await send(...all);
    window.codes.push(answer.error ?? 0);
    return answer;
  };
  window.chatOf = async (id) =>
    (await require('WAWebFindChatAction').findOrCreateLatestChat(require('WAWebWidFactory').createWid(id))).chat;
  window.sent = async (id, text) => {
    const chat = await window.chatOf(id);
    const result = await require('WAWebSendTextMsgChatAction').sendTextMsgToChat(chat, text);
    const [msg] = Object.values(require('WAWebCollections').Msg.filter((each) => each.body === text));
    return { key: String(msg.id), from: String(msg.from), ...result };
  };
  return true;
})()"""


@contextlib.asynccontextmanager
async def linked(directory):
    """Open a page that is in step, and watch it."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2) as (sandbox, page):
        await link(sandbox, page)
        await page.evaluate(WATCH)
        yield sandbox, page


def address(number, *, by_lid):
    """Give how a group names somebody."""
    return Person(number).address(migrated=by_lid)


def chat(group):
    """Give the expression for a group's chat."""
    return f"require('WAWebCollections').Chat.get({group!r})"


def message(key):
    """Give the expression for what a page holds of a message."""
    return f"require('WAWebCollections').Msg.get({key!r})?.serialize()"


async def me_in(page, *, by_lid):
    """Give how a group names the account."""
    name = "getMaybeMeLidUser" if by_lid else "getMaybeMePnUser"
    return await page.evaluate(f"String(require('WAWebUserPrefsMeUser').{name}())")


@by_number_and_by_lid
async def test_a_group_comes(io_loop, tmp_path, by_lid):
    """It has its subject and its people under their addresses; a row of the system tells of it, and it outlives a document."""
    look = """(({ formattedTitle, isReadOnly, groupMetadata: { participants, isLidAddressingMode } }) =>
      [formattedTitle, isReadOnly, isLidAddressingMode, participants.iAmMember(), participants.iAmAdmin(),
       participants.map((each) => String(each.id)), participants.map((each) => each.isAdmin)])"""
    async with linked(tmp_path) as (sandbox, page):
        told = await sandbox.phone.group(subject="Team", people=PEOPLE, lid=by_lid)
        await page.until("window.added.length", 2)
        added = await page.evaluate("window.added")
        first = await page.evaluate(f"{look}({chat(told['id'])})")
        me = await me_in(page, by_lid=by_lid)
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        again = await page.evaluate(f"{look}({chat(told['id'])})")

    people = [address(ANNA, by_lid=by_lid), address(BORIS, by_lid=by_lid), me]

    assert [["e2e_notification", "encrypt", True], ["gp2", "create", True]] == added
    assert ["Team", False, by_lid, True, False, people, [True, False, False]] == first
    assert first == again


@by_number_and_by_lid
async def test_people_write(io_loop, tmp_path, by_lid):
    """A message comes from the group, and its author stands in it and behind its key, in the group's own way."""
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(people=PEOPLE, lid=by_lid))["id"]
        keys = []
        for number in (ANNA, BORIS):
            told = await sandbox.phone.receive(from_=f"+{number}", text=number, group=group)
            keys.append(told["id"])
        own = (await sandbox.phone.write(to=group, text="mine"))["id"]
        await page.until(f"{chat(group)}?.t && Boolean({message(own)})")
        found = [await page.evaluate(message(key)) for key in keys]
        mine = await page.evaluate(message(own))
        me = await me_in(page, by_lid=by_lid)

    authors = [address(ANNA, by_lid=by_lid), address(BORIS, by_lid=by_lid)]

    assert [f"_{each}" for each in authors] == [
        key[-len(each) - 1 :] for key, each in zip(keys, authors, strict=True)
    ]
    assert authors == [each["author"]["_serialized"] for each in found]
    assert [(group, ANNA), (group, BORIS)] == [(each["from"]["_serialized"], each["body"]) for each in found]
    assert own.endswith(f"_{me}")
    assert (me, group, True) == (
        mine["author"]["_serialized"],
        mine["to"]["_serialized"],
        mine["id"]["fromMe"],
    )


@by_number_and_by_lid
async def test_sending(io_loop, tmp_path, by_lid):
    """One's own key has oneself behind it; delivered and read it is once all have it, or have read it."""
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(people=PEOPLE, lid=by_lid))["id"]
        await page.until(f"Boolean({chat(group)}?.t)")
        done = await page.evaluate(f"window.sent({group!r}, 'Hi')")
        await page.until("window.acks.length", 2)
        await sandbox.phone.read(by=f"+{ANNA}")
        # What comes behind the receipt says that it has been taken.
        marker = (await sandbox.phone.receive(from_=f"+{ANNA}", group=group))["id"]
        await page.until(f"Boolean({message(marker)})")
        by_one = await page.evaluate("window.acks")
        await sandbox.phone.read(by=f"+{BORIS}")
        await page.until("window.acks.length", 3)
        acks = await page.evaluate("window.acks")
        messages = (await sandbox.phone.messages())["messages"]
        me = await me_in(page, by_lid=by_lid)

    assert "OK" == done["messageSendResult"]
    assert me == done["from"]
    assert done["key"].startswith(f"true_{group}_3EB0")
    assert done["key"].endswith(f"_{me}")
    assert [1, 2] == by_one
    assert [1, 2, 3] == acks
    assert [{"id": done["key"], "to": group, "text": "Hi", "times": 1}] == messages


async def test_who_may_not_write(io_loop, tmp_path):
    """Where admins alone may write the servers refuse, as they do who is no longer in the group."""
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(announce=True))["id"]
        await page.until(f"{chat(group)}?.isReadOnly")
        refused = await page.evaluate(f"window.sent({group!r}, 'one')")
        await sandbox.phone.group(id=group, admin=True)
        await page.until(f"!{chat(group)}.isReadOnly")
        taken = await page.evaluate(f"window.sent({group!r}, 'two')")
        await sandbox.phone.group(id=group, member=False)
        await page.until(f"{chat(group)}.isReadOnly")
        out = await page.evaluate(f"window.sent({group!r}, 'three')")
        codes = await page.evaluate("window.codes")

    assert ["ERROR_UNKNOWN", "OK", "ERROR_UNKNOWN"] == [
        each["messageSendResult"] for each in (refused, taken, out)
    ]
    assert [420, 0, 401] == codes


async def test_groups_that_are_not_there(io_loop, tmp_path):
    """Who asks for one is told a status, and so is who writes to it: the message stays at ack 0."""
    ask = "require('WAWebCollections').WAWebGroupMetadataCollection.find(require('WAWebWidFactory').createWid({!r}))"
    status = ".then(() => null, ({ name, status, statusCode }) => [name, status, statusCode])"
    async with opened(tmp_path, navigating_iframes=False, sync_seconds=0.2) as (sandbox, page):
        # The page hears nothing of what was before it was linked.
        left = (await sandbox.phone.group(member=False))["id"]
        there = (await sandbox.phone.group(subject="Old"))["id"]
        await link(sandbox, page)
        await page.evaluate(WATCH)
        answers = [await page.evaluate(ask.format(each) + status) for each in (NOWHERE, left, there)]
        title = await page.evaluate(f"window.chatOf({there!r}).then((chat) => chat.formattedTitle)")
        with pytest.raises(EvaluationError, match="ServerStatusCodeError: 404"):
            await page.evaluate(f"window.sent({NOWHERE!r}, 'Hi')")
        acks = await page.evaluate(
            "require('WAWebCollections').Msg.filter((m) => m.body === 'Hi').map((m) => m.ack)"
        )

    assert [["ServerStatusCodeError", 404, 404], ["ServerStatusCodeError", 403, 403], None] == answers
    assert "Old" == title
    assert [0] == acks


@by_number_and_by_lid
async def test_what_people_do(io_loop, tmp_path, by_lid):
    """An edit, a reaction of another's, and revocations: by the author, and by an admin, who alone may."""
    async with linked(tmp_path) as (sandbox, page):
        group = (await sandbox.phone.group(people=f"+{ANNA},+{BORIS},+{CLARA}", lid=by_lid))["id"]
        first, second = [
            (await sandbox.phone.receive(from_=f"+{BORIS}", text=text, group=group))["id"]
            for text in ("one", "two")
        ]
        await page.until(f"Boolean({message(second)})")
        await page.evaluate("""(() => {
          const table = require('WAWebAddonReactionTableMode').reactionTableMode;
          const before = table.bulkUpsert;
          table.bulkUpsert = (all) => { window.reaction = all[0]; return before(all); };
        })()""")
        await sandbox.phone.edit(id=first, text="uno")
        await sandbox.phone.react(id=first, emoji="x", from_=f"+{CLARA}")
        await page.until("window.reaction?.reactionText", "x")
        edited = await page.evaluate(f"({message(first)}).body")
        reaction = await page.evaluate(
            "[String(window.reaction.author), String(window.reaction.reactionParentKey)]"
        )
        with pytest.raises(PhoneRefusedError, match="admin"):
            await sandbox.phone.revoke(id=first, from_=f"+{CLARA}")
        await sandbox.phone.revoke(id=first)
        await sandbox.phone.revoke(id=second, from_=f"+{ANNA}")
        revoked = "require('WAWebCollections').Msg.filter((m) => m.type === 'revoked')"
        await page.until(f"{revoked}.length", 2)
        gone = await page.evaluate(f"{revoked}.map((m) => [m.subtype, String(m.protocolMessageKey)])")

    assert "uno" == edited
    assert [address(CLARA, by_lid=by_lid), first] == reaction
    assert [["sender_revoke", first], ["admin_revoke", second]] == gone


async def test_an_account_whose_chats_go_by_lid(io_loop, tmp_path):
    """Its groups begin by LID, unless it is said otherwise: that is the group's matter."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.lid()
        groups = [(await sandbox.phone.group(**how))["id"] for how in ({}, {"lid": False})]
        modes = []
        for group in groups:
            await page.until(f"Boolean({chat(group)}?.groupMetadata)")
            modes.append(await page.evaluate(f"{chat(group)}.groupMetadata.isLidAddressingMode"))

    assert [True, False] == modes


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("group", {"id": NOWHERE, "subject": "x"}),
        ("group", {"subject": ""}),
        ("group", {"subject": "x" * 101}),
        ("group", {"people": "12"}),
        ("group", {"people": 5}),
        ("group", {"id": "GROUP", "lid": True}),
        ("receive", {"group": NOWHERE}),
        ("receive", {"group": "GROUP", "from": f"+{CLARA}"}),
        ("receive", {"group": "LEFT"}),
        ("write", {"to": NOWHERE}),
        ("write", {"to": "LEFT"}),
        ("react", {"id": "MESSAGE", "from": f"+{CLARA}"}),
        ("revoke", {"id": "MESSAGE", "from": f"+{BORIS}"}),
    ],
)
async def test_refused(io_loop, tmp_path, name, arguments):
    """What cannot be done in a group the phone refuses."""
    async with running(tmp_path) as sandbox:
        group = (await sandbox.phone.group(people=PEOPLE))["id"]
        told = await sandbox.phone.receive(from_=f"+{ANNA}", group=group)
        known = {
            "GROUP": group,
            "MESSAGE": told["id"],
            "LEFT": (await sandbox.phone.group(member=False))["id"],
        }
        with pytest.raises(PhoneRefusedError):
            await sandbox.phone.command(
                name, {key: known.get(value, value) for key, value in arguments.items()}
            )


async def test_groups_are_kept(io_loop, tmp_path):
    """A group, and what was said in it, outlives the sandbox."""
    async with running(tmp_path) as sandbox:
        group = (await sandbox.phone.group(people=PEOPLE, lid=True))["id"]
        told = await sandbox.phone.receive(from_=f"+{ANNA}", group=group)
    async with running(tmp_path) as sandbox:
        again = await sandbox.phone.edit(id=told["id"])

    assert told == again
    assert told["id"] == f"false_{group}_{told['id'].split('_')[2]}_{Person(ANNA).lid}"
