"""What is neither text nor medium on the sandbox's page: places, contacts, polls, votes, albums."""

import contextlib

import pytest
from sandbox_browser import link, opened
from sandbox_media import ANNA, ANNA_PN, PNG, TOOLS, arrived, held

from wad.sandbox import PhoneRefusedError

BORIS = "+15550002222"
ME = "15551234567@c.us"
VOTES = """(() => {
  const { pollVoteTableMode } = require('WAWebAddonPollVoteTableMode');
  const before = pollVoteTableMode.bulkUpsert;
  window.votes = [];
  pollVoteTableMode.bulkUpsert = (all) => {
    window.votes.push(...all.map((each) =>
      [String(each.pollUpdateParentKey), each.selectedOptionLocalIds, String(each.author ?? each.from)]));
    return before(all);
  };
  return true;
})()"""


@contextlib.asynccontextmanager
async def linked(directory, **options):
    """Open a page that is in step."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2, **options) as (sandbox, page):
        await link(sandbox, page)
        await page.evaluate(TOOLS)
        yield sandbox, page


def model(key: str) -> str:
    return f"require('WAWebCollections').Msg.get({key!r})"


async def received(sandbox, page, **values) -> dict:
    """Let a message come, and give what the page has of it."""
    told = await sandbox.phone.command("receive", {"from": ANNA, **values})
    await page.until(f"Boolean({model(told['id'])})")
    return await page.evaluate(f"{model(told['id'])}.serialize()")


async def sent(sandbox, page, values: str) -> dict:
    """Send a message, and give what the phone tells of it."""
    done = await page.evaluate(f"window.message({values})")
    [told] = (await sandbox.phone.contents())["contents"]
    assert (done["key"], ANNA) == (told.pop("id"), told.pop("to"))
    return told


async def test_a_place(io_loop, tmp_path):
    """A place has its coordinates and, in one text, its name and address; both ways."""
    place = {"lat": 52.5, "lng": 13, "name": "Here", "address": "Way 1", "url": "https://example.org"}
    async with linked(tmp_path) as (sandbox, page):
        message = await received(sandbox, page, location=place)
        fields = (
            "{ type: 'location', lat: 52.5, lng: 13, loc: 'Here\\nWay 1', clientUrl: 'https://example.org' }"
        )
        told = await sent(sandbox, page, fields)

    assert ("location", 52.5, 13, "Here\nWay 1", "https://example.org") == tuple(
        message[each] for each in ("type", "lat", "lng", "loc", "clientUrl")
    )
    assert {"kind": "location", **place} == told


async def test_contacts(io_loop, tmp_path):
    """One contact is a card as body, several are a list of cards; both ways."""
    people = [{"name": "Anna", "number": ANNA}, {"name": "Boris", "number": BORIS}]
    card = "require('WAWebFrontendVcardUtils').vcardFromContactModel(contact)"
    async with linked(tmp_path) as (sandbox, page):
        one = await received(sandbox, page, contacts=people[:1])
        two = await received(sandbox, page, contacts=people)
        done = await page.evaluate(f"""require('WAWebCollections').Contact.find('{ANNA_PN}').then((contact) => {{
          contact.set({{ name: 'Anna' }});
          return window.message({{ type: 'vcard', body: {card}.vcard, vcardFormattedName: {card}.displayName }});
        }})""")
        [told] = (await sandbox.phone.contents())["contents"]

    assert ("vcard", "Anna") == (one["type"], one["vcardFormattedName"])
    assert "waid=4915112345678:+4915112345678" in one["body"]
    assert ["Anna", "Boris"] == [each["displayName"] for each in two["vcardList"]]
    assert done["key"] == told["id"]
    assert [("Anna", one["body"])] == [(each["name"], each["vcard"]) for each in told["contacts"]]


async def test_a_poll(io_loop, tmp_path):
    """A poll comes with its options, and the page's vote goes out; of one that went out others' votes come."""
    async with linked(tmp_path) as (sandbox, page):
        await page.evaluate(VOTES)
        message = await received(sandbox, page, poll={"name": "When?", "options": ["Now", "Later"]})
        key = message["id"]["_serialized"]
        await page.evaluate(f"require('WAWebPollsSendVoteMsgAction').sendVote({model(key)}, new Set([1]))")
        fields = """{ type: 'poll_creation', kind: 'pollCreation', pollName: 'Where?', pollSelectableOptionsCount: 0,
          pollOptions: [{ name: 'Here', localId: 0 }, { name: 'There', localId: 1 }],
          messageSecret: new Uint8Array(32) }"""
        done = await page.evaluate(f"window.message({fields})")
        await sandbox.phone.command("vote", {"id": done["key"], "options": ["Here", "There"]})
        await sandbox.phone.command("vote", {"id": done["key"], "options": ["There"]})
        await page.until("window.votes.length", 3)
        votes = await page.evaluate("window.votes")
        table = await page.evaluate(
            f"require('WAWebPollsVotesSchema').getTable().equals(['parentMsgKey'], {done['key']!r})"
        )
        told = (await sandbox.phone.contents())["contents"]

    assert ("poll_creation", "When?", ["Now", "Later"], 1) == (
        message["type"],
        message["pollName"],
        [each["name"] for each in message["pollOptions"]],
        message["pollSelectableOptionsCount"],
    )
    assert [[key, [1], ME], [done["key"], [0, 1], ANNA_PN], [done["key"], [1], ANNA_PN]] == votes
    assert [([1], ANNA_PN)] == [(each["selectedOptionLocalIds"], each["sender"]) for each in table]
    poll = {"kind": "poll", "name": "Where?", "options": ["Here", "There"], "multiple": True}
    assert [
        {"id": done["key"], "to": ANNA, **poll},
        {"id": key, "to": ANNA, "kind": "vote", "options": ["Later"]},
    ] == told


async def test_a_vote_in_a_group(io_loop, tmp_path):
    """In a group it is told who voted."""
    async with linked(tmp_path) as (sandbox, page):
        await page.evaluate(VOTES)
        group = (await sandbox.phone.group(people=f"{ANNA},{BORIS}"))["id"]
        message = await received(sandbox, page, group=group, poll={})
        await sandbox.phone.command("vote", {"options": ["Yes"], "from": BORIS})
        await page.until("window.votes.length", 1)
        votes = await page.evaluate("window.votes")

    assert [[message["id"]["_serialized"], [0], "15550002222@c.us"]] == votes


async def test_an_album(io_loop, tmp_path):
    """The album comes first, then what is in it under its key, the first one with the text; both ways."""
    async with linked(tmp_path) as (sandbox, page):
        album = [{"kind": "image"}, {"kind": "image"}, {"kind": "video"}]
        told = await sandbox.phone.command("receive", {"from": ANNA, "text": "Look", "album": album})
        await page.until(f"Boolean({model(told['items'][-1])})")
        above = await page.evaluate(f"{model(told['id'])}.serialize()")
        items = [await page.evaluate(f"{model(each)}.serialize()") for each in told["items"]]
        await page.evaluate(f"""(async () => {{
          const {{ key }} = await window.message({{ type: 'album', expectedImageCount: 1, expectedVideoCount: 0 }});
          const {{ data, result }} = await window.uploaded(window.file({held(PNG)}, 'image/png'));
          const parentMsgKey = require('WAWebMsgKey').fromString(key);
          return window.message({{ ...data.toJSON(), ...result.mediaEntry, parentMsgKey }});
        }})()""")
        [sent_album] = (await sandbox.phone.contents())["contents"]
        media = await arrived(sandbox)

    assert ("album", 2, 1) == tuple(
        above[each] for each in ("type", "expectedImageCount", "expectedVideoCount")
    )
    assert ["image", "image", "video"] == [each["type"] for each in items]
    assert ["Look", None, None] == [each.get("caption") for each in items]
    assert {told["id"]} == {each["parentMsgKey"]["_serialized"] for each in items}
    assert ("album", 1, 0) == tuple(sent_album[each] for each in ("kind", "images", "videos"))
    assert [("image", sent_album["id"].split("_")[2])] == [(each["kind"], each["album"]) for each in media]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"location": {}}, "lat is -90 to 90"),
        ({"location": {"lat": 91, "lng": 0}}, "lat is -90 to 90"),
        ({"contacts": []}, "contacts: 1 to"),
        ({"contacts": [{"name": "Anna"}]}, "a number is"),
        ({"poll": {"options": ["one"]}}, "options are 2 to"),
        ({"album": []}, "a list of media"),
        ({"poll": {}, "location": {"lat": 0, "lng": 0}}, "a message is one of"),
    ],
)
async def test_nonsense(io_loop, tmp_path, values, error):
    """What makes no sense is refused."""
    async with opened(tmp_path, navigating_iframes=False) as (sandbox, _):
        with pytest.raises(PhoneRefusedError, match=error):
            await sandbox.phone.command("receive", values)
        await sandbox.phone.receive(poll={})
        with pytest.raises(PhoneRefusedError, match="no option Maybe"):
            await sandbox.phone.vote(options=["Maybe"])
