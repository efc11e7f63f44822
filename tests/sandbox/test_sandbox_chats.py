"""Messages in the sandbox's page, as measured on the real one: what is added, changed, kept, and what is not."""

import contextlib

import pytest
from sandbox_browser import MODE, SHOWN, link, opened
from sandbox_chromium import EvaluationError

ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"
# Notes whatever the collection of messages tells, and has a way to send.
WATCH = f"""(() => {{
  const {{ Msg, Chat }} = require('WAWebCollections');
  window.seen = [];
  const note = (name) => (msg, now, before) => window.seen.push([name, msg.type, now, before, msg.isNewMsg]);
  Msg.on('add', (msg) => window.seen.push(['add', msg.type, msg.body, msg.ack, msg.isNewMsg]));
  for (const name of ['ack', 'body', 'type', 'latestEditMsgKey', 'hasReaction']) {{
    Msg.on(`change:${{name}}`, note(name));
  }}
  Msg.on('revoked', note('revoked'));
  window.told = (name) => window.seen.filter((each) => each[0] === name);
  window.rows = () => new Promise((done) => {{
    const opening = indexedDB.open('model-storage');
    opening.onsuccess = () => {{
      const all = opening.result.transaction('message').objectStore('message').index('rowId').getAll();
      all.onsuccess = () => {{ opening.result.close(); done(all.result); }};
    }};
  }});
  window.sending = async (text, id) => {{
    const MsgKey = require('WAWebMsgKey');
    const {{ chat }} = await require('WAWebFindChatAction').findOrCreateLatestChat(
      require('WAWebWidFactory').createWid('{ANNA_PN}'));
    const from = chat.id.isLid() ? require('WAWebUserPrefsMeUser').getMaybeMeLidUser()
      : require('WAWebUserPrefsMeUser').getMaybeMePnUser();
    const key = new MsgKey({{ from, to: chat.id, id: id ?? (await MsgKey.newId()), selfDir: 'out' }});
    const message = {{ id: key, ack: 0, body: text, from, to: chat.id, local: true, self: 'out', t: 1, isNewMsg: true,
      type: 'chat' }};
    return require('WAWebSendMsgChatAction').addAndSendMsgToChat(chat, message);
  }};
  window.sent = async (text, id) => {{
    const [added, result] = await window.sending(text, id);
    const msg = await added;
    return {{ key: String(msg.id), ack: msg.ack, ...(await result) }};
  }};
  return true;
}})()"""
TEXTS = "window.told('add').filter((each) => each[1] === 'chat').length"


@contextlib.asynccontextmanager
async def linked(directory, **options):
    """Open a page that is in step, and watch it."""
    async with opened(directory, navigating_iframes=False, sync_seconds=0.2, **options) as (sandbox, page):
        await link(sandbox, page)
        await page.evaluate(WATCH)
        yield sandbox, page


async def test_a_message_arrives(io_loop, tmp_path):
    """A new chat begins with rows of the system; the message comes whole, with ack 1, and counts as unread."""
    async with linked(tmp_path) as (sandbox, page):
        told = await sandbox.phone.command("receive", {"from": ANNA, "text": "Hello", "name": "Anna"})
        await page.until(TEXTS, 1)
        added = await page.evaluate("window.told('add')")
        message = await page.evaluate(f"require('WAWebCollections').Msg.get({told['id']!r}).serialize()")
        chat = await page.evaluate(f"require('WAWebCollections').Chat.get({ANNA_PN!r}).serialize()")

    assert [["e2e_notification", True], ["notification_template", True], ["chat", True]] == [
        [each[1], each[4]] for each in added
    ]
    assert ("Hello", 1, "Anna", told["id"]) == (
        message["body"], message["ack"], message["notifyName"], message["id"]["_serialized"]
    )  # fmt: skip
    assert (1, "Anna") == (chat["unreadCount"], chat["formattedTitle"])


async def test_what_is_kept(io_loop, tmp_path):
    """Rows are numbered above 1e9 in the order of their coming, and their bodies cannot be read in them."""
    async with linked(tmp_path) as (sandbox, page):
        for text in ("one", "two"):
            await sandbox.phone.receive(from_=ANNA, text=text)
        await page.until(TEXTS, 2)
        kept = await page.evaluate("window.rows()")
        ids = [each["id"] for each in kept]
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        bodies = f"require('WAWebCollections').Msg.getMessagesById({ids!r})"
        texts = await page.evaluate(f"{bodies}.then(({{ messages }}) => messages.map((each) => each.body))")

    assert [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4] == [each["rowId"] for each in kept]
    assert "body" not in kept[-1]
    assert [None, None, "one", "two"] == texts


async def test_messages_that_waited(io_loop, tmp_path):
    """What waited for a document is not new there; what waited for a socket alone is; neither comes twice."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.duplicate()
        await sandbox.phone.refuse_sockets()
        await sandbox.phone.receive(from_=ANNA, text="blip")
        await sandbox.phone.accept_sockets()
        await page.until(TEXTS, 1)
        blip = await page.evaluate("window.told('add').map((each) => each[4])")
        await page.goto("about:blank")
        await sandbox.phone.receive(from_=ANNA, text="boot")
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        found = "require('WAWebCollections').Msg.getModelsArray().map((each) => [each.body, each.isNewMsg ?? null])"
        boot = await page.evaluate(found)
        unread = await page.evaluate(f"require('WAWebCollections').Chat.get({ANNA_PN!r}).unreadCount")

    assert [True, True, True] == blip
    assert [["boot", None]] == boot
    assert 2 == unread


async def test_sending(io_loop, tmp_path):
    """A sent message goes to ack 1, 2 and 3; the same key again is a duplicate, and nothing goes out."""
    async with linked(tmp_path) as (sandbox, page):
        done = await page.evaluate("window.sent('Hi')")
        await page.until("window.told('ack').length", 2)
        await sandbox.phone.read()
        await page.until("window.told('ack').length", 3)
        acks = await page.evaluate("window.told('ack').map((each) => each.slice(2, 4))")
        with pytest.raises(EvaluationError, match="DuplicateMessageError"):
            await page.evaluate(f"window.sent('Hi', {done['key'].split('_')[2]!r})")
        messages = (await sandbox.phone.messages())["messages"]

    assert "OK" == done["messageSendResult"]
    assert [[1, 0], [2, 1], [3, 2]] == acks
    assert [{"id": done["key"], "to": ANNA, "text": "Hi", "times": 1}] == messages


async def test_refused(io_loop, tmp_path):
    """A nack is a result without a code, which the job below has; a blocked contact rejects, and the ack stays 0."""
    async with linked(tmp_path) as (sandbox, page):
        await page.evaluate("""(() => {
          const job = require('WAWebSendMsgJob');
          const before = job.encryptAndSendMsg;
          job.encryptAndSendMsg = async (...all) => (window.answer = await before(...all));
        })()""")
        await sandbox.phone.nack()
        refused = await page.evaluate("window.sent('Hi')")
        answer = await page.evaluate("window.answer")
        await sandbox.phone.take_messages()
        await sandbox.phone.block(number=ANNA)
        await page.until("require('WAWebCollections').Blocklist.length", 1)
        with pytest.raises(EvaluationError, match="ContactBlocked: Contact is blocked"):
            await page.evaluate("window.sent('Hi')")
        acks = await page.evaluate(
            "require('WAWebCollections').Msg.filter((m) => m.body === 'Hi').map((m) => m.ack)"
        )

    assert "ERROR_UNKNOWN" == refused["messageSendResult"]
    assert {"error": 463} == answer
    assert [-1, 0] == acks


async def test_without_a_socket(io_loop, tmp_path):
    """What is sent without a socket waits at ack 0, and goes out by itself, once, on the next one."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.refuse_sockets()
        await page.until("require('WAWebSocketModel').Socket.state", "OPENING")
        ack = await page.evaluate("window.sending('Hi').then(([added]) => added).then((msg) => msg.ack)")
        await sandbox.phone.accept_sockets()
        await page.until("window.told('ack').length", 2)
        messages = (await sandbox.phone.messages())["messages"]

    assert 0 == ack
    assert [1] == [each["times"] for each in messages]


async def test_unanswered(io_loop, tmp_path):
    """What has no answer goes out on the next socket; another document never sends it, unless it is told to."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.silent(arrives=True)
        key = await page.evaluate(
            "window.sending('Hi').then(([added]) => added).then((msg) => String(msg.id))"
        )
        # An answer to a later question says that the message was read before it; so it does below.
        await page.evaluate(f"require('WAWebQueryExistsJob').queryPhoneExists({ANNA!r})")
        await sandbox.phone.refuse_sockets()
        # Until it knows that its socket is lost it goes on saying that the delivery has ended.
        await page.until("require('WAWebSocketModel').Socket.state", "OPENING")
        await sandbox.phone.accept_sockets()
        await page.until("require('WAWebEventsWaitForOfflineDeliveryEnd').isOfflineDeliveryEnd()")
        await page.evaluate(f"require('WAWebQueryExistsJob').queryPhoneExists({ANNA!r})")
        blip = (await sandbox.phone.messages())["messages"]
        await page.goto(sandbox.url)
        await page.until(MODE, "MAIN")
        await sandbox.phone.take_messages()
        await page.evaluate(f"require('WAWebQueryExistsJob').queryPhoneExists({ANNA!r})")
        reload = (await sandbox.phone.messages())["messages"]
        resent = await page.evaluate(f"""(async () => {{
          const {{ Msg, Chat }} = require('WAWebCollections');
          const {{ messages: [msg] }} = await Msg.getMessagesById([{key!r}]);
          const before = msg.ack;
          const {{ resendMsgToChat }} = require('WAWebSendMsgChatAction');
          const result = await resendMsgToChat(Chat.get(msg.to), Promise.resolve(msg));
          return [before, result.messageSendResult, msg.ack > 0];
        }})()""")

    assert [2] == [each["times"] for each in blip]
    assert [2] == [each["times"] for each in reload]
    assert [0, "OK", True] == resent


async def test_what_others_do(io_loop, tmp_path):
    """An edit takes the ack away; a revocation takes the id; a late text changes the type; a reaction is an upsert."""
    async with linked(tmp_path) as (sandbox, page):
        told = await sandbox.phone.receive(from_=ANNA, text="one", undecryptable=True)
        await page.until("window.told('add').length", 3)
        await page.evaluate("""(() => {
          const table = require('WAWebAddonReactionTableMode').reactionTableMode;
          const before = table.bulkUpsert;
          table.bulkUpsert = (all) => { window.reaction = all[0]; return before(all); };
        })()""")
        await sandbox.phone.decrypt()
        await sandbox.phone.react(emoji="x")
        await sandbox.phone.edit(text="two")
        await page.until("window.told('latestEditMsgKey').length", 1)
        seen = await page.evaluate("window.seen")
        reaction = await page.evaluate(
            "[window.reaction.reactionText, String(window.reaction.reactionParentKey)]"
        )
        await sandbox.phone.revoke()
        await page.until("window.told('revoked').length", 1)
        gone = f"require('WAWebCollections').Msg.get({told['id']!r}) === undefined"
        revoked = await page.evaluate("(() => { const m = require('WAWebCollections').Msg.filter((m) => m.type === 'revoked')[0];"
                                      " return [m.body ?? null, String(m.protocolMessageKey), String(m.id)]; })()")  # fmt: skip
        assert await page.evaluate(gone)
        kept = await page.evaluate("window.rows()")

    changes = [each[:4] for each in seen if each[0] != "add"]
    assert ["type", "chat", "chat", "ciphertext"] in changes
    assert ["ack", "chat", None, 1] in changes
    assert ["body", "chat", "two", "one"] in changes
    assert ["x", told["id"]] == reaction
    assert [None, told["id"]] == revoked[:2]
    assert revoked[2] == kept[-1]["id"] != told["id"]
    assert "revoked" == kept[-1]["type"]


async def test_an_own_message_from_the_phone(io_loop, tmp_path):
    """What is written on the phone comes as new, from oneself, with ack 1, and leaves nothing unread."""
    async with linked(tmp_path) as (sandbox, page):
        told = await sandbox.phone.write(to=ANNA, text="mine")
        await page.until(TEXTS, 1)
        message = await page.evaluate(f"require('WAWebCollections').Msg.get({told['id']!r}).serialize()")
        unread = await page.evaluate(f"require('WAWebCollections').Chat.get({ANNA_PN!r}).unreadCount")

    assert (True, 1, True) == (message["id"]["fromMe"], message["ack"], message["isNewMsg"])
    assert "15551234567@c.us" == message["author"]["_serialized"]
    assert 0 == unread


async def test_lids(io_loop, tmp_path):
    """A migrated account knows its chats by LID, and nothing of a number before it has asked for it."""
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.lid()
        await page.until("require('WAWebLid1X1MigrationGating').Lid1X1MigrationUtils.isLidMigrated()")
        with pytest.raises(EvaluationError, match="No LID for user"):
            await page.evaluate("window.sent('Hi')")
        exists = await page.evaluate(f"require('WAWebQueryExistsJob').queryPhoneExists({ANNA!r})")
        done = await page.evaluate("window.sent('Hi')")
        await page.until("window.told('ack').length", 2)
        me = await page.evaluate("String(require('WAWebUserPrefsMeUser').getMaybeMeLidUser())")
        origin = await page.evaluate(f"String(require('WAWebCollections').Msg.get({done['key']!r}).from)")
        messages = (await sandbox.phone.messages())["messages"]

    assert ANNA_PN == exists["wid"]["_serialized"]
    assert f"true_{exists['lid']['_serialized']}_" in done["key"]
    assert me == origin
    assert [{"id": done["key"], "to": ANNA, "text": "Hi", "times": 1}] == messages


async def test_questions_for_numbers(io_loop, tmp_path):
    """One that is not on WhatsApp is null, one that failed is an error; bare digits are no address."""
    ask = f"require('WAWebQueryExistsJob').queryWidExists(require('WAWebWidFactory').createWid({ANNA_PN!r}))"
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.lookup()
        assert await page.evaluate(ask) is None
        await sandbox.phone.lookup(answer="error")
        with pytest.raises(EvaluationError, match="500"):
            await page.evaluate(ask)
        with pytest.raises(EvaluationError, match="wid error: invalid wid"):
            await page.evaluate(f"require('WAWebWidFactory').createWid({ANNA!r})")


async def test_history(io_loop, tmp_path):
    """What was said before the device was linked comes as history: numbered below 1e9, not new, not unread."""
    async with opened(tmp_path, navigating_iframes=False, sync_seconds=0.2) as (sandbox, page):
        await sandbox.phone.receive(from_=ANNA, text="old")
        await link(sandbox, page)
        await page.evaluate(WATCH)
        await page.until("require('WAWebCollections').Msg.length", 1)
        kept = await page.evaluate("window.rows()")
        unread = await page.evaluate(f"require('WAWebCollections').Chat.get({ANNA_PN!r}).unreadCount")

    assert [(1, True)] == [(each["rowId"], each["isMdHistoryMsg"]) for each in kept]
    assert 0 == unread


async def test_not_before_it_is_asked_for(io_loop, tmp_path):
    """On the page that shows a code no module of messages has run."""
    names = [
        "WAWebCollections",
        "WAWebMsgKey",
        "WAWebSendMsgChatAction",
        "WAWebQueryExistsJob",
        "StandinInbox",
    ]
    async with opened(tmp_path) as (_, page):
        await page.until(SHOWN)
        ran = await page.evaluate(f"{names!r}.map((id) => require('__debug').modulesMap[id].factoryFinished)")

    assert [False] * len(names) == ran


async def test_seen(io_loop, tmp_path):
    """The chat as the only argument is an error of the page's; the object's form reads the chat."""
    chat = f"require('WAWebCollections').Chat.get({ANNA_PN!r})"
    seen = "require('WAWebUpdateUnreadChatAction').sendSeen"
    async with linked(tmp_path) as (sandbox, page):
        await sandbox.phone.receive(from_=ANNA)
        await page.until(TEXTS, 1)
        with pytest.raises(EvaluationError, match=r"undefined .reading 'markedUnread'"):
            await page.evaluate(f"{seen}({chat})")
        await page.evaluate(f"{seen}({{ chat: {chat} }})")
        await sandbox.phone.hang_seen()
        await page.until("require('StandinInbox').seenHangs()")
        # What comes first of the two says whether the promise is open.
        asked = "require('WAWebQueryExistsJob').queryPhoneExists('4915112345678').then(() => 'open')"
        first = await page.evaluate(f"Promise.race([{seen}({{ chat: {chat} }}).then(() => 'done'), {asked}])")
        assert await page.evaluate(f"{chat}.unreadCount") == 0

    assert "open" == first
