"""Chats before the real daemon: seen, heard and answered by hand, with files that really come and go."""

import hashlib
from base64 import b64encode
from contextlib import asynccontextmanager

from frontend_harness import TOKEN
from ui_browser import Visitor
from ui_chats import (
    ADA,
    CHATS,
    CONVERSATION,
    FIELD,
    FOCUSED,
    LIST,
    NOTE_BLOBS,
    REFUSED,
    REPLY,
    SHOWN,
    TEXTS,
    TITLE,
    answer,
    arrived,
    asked_of_chats,
    attach,
    bubble,
    bubbles,
    chosen,
    listed,
    page_of,
    written,
)
from ui_harness import open_harness
from ui_judge import problems
from ui_linked import NUMBER, says, sent_out, started

SECRET, FILE, NAME = "nobody else reads this", "May report.pdf", "Ada <b>Lovelace</b>"
CONTENT = b"%PDF-1.4 a report of May"
IMAGE = f"{bubble('image')} img"
LAST_OWN = "[...document.querySelectorAll('.bubble.own')].at(-1)"
WIDE = Visitor(calm=True)
# wad gets the first message and answers, but the answer does not arrive.
LOSE_ANSWER = """
{
  const { fetch } = globalThis;
  let lost = false;
  globalThis.fetch = async (path, options) => {
    const answer = await fetch(path, options);
    if (lost || options.method !== 'POST' || !path.endsWith('/messages')) return answer;
    lost = true;
    throw new TypeError('the network is gone');
  };
}
"""
# Each message that is on the screen has been read out, or would be.
NEWS = "document.querySelector('[data-part=chats-news]').textContent"


@asynccontextmanager
async def talking(browser, visitor=WIDE, **env):
    """Give a daemon to which somebody has written, and its page with the list of chats open."""
    async with started(env) as daemon, browser.tab(visitor) as tab:
        await daemon.phone("receive", text=SECRET, name=NAME, **{"from": NUMBER})
        await tab.send("Page.addScriptToEvaluateOnNewDocument", source=NOTE_BLOBS)
        await page_of(tab, f"http://127.0.0.1:{daemon.port}/")
        await listed(tab, 1)
        yield daemon, tab


async def receive(daemon, **what):
    """Let the same person write; gives what the phone says of it."""
    return await daemon.phone("receive", name=NAME, **{"from": NUMBER}, **what)


async def state_of_last(tab, state):
    """Wait until the last message that was sent has come so far."""
    await tab.until(f"{LAST_OWN}?.dataset.state === '{state}'", f"a message that is {state}")


async def test_nothing_is_asked_for_until_it_is_wanted(browser):
    """Neither chats nor messages nor files are asked for before somebody opens them, and each of them once."""
    async with started() as daemon, browser.tab(WIDE) as tab:
        await daemon.phone("receive", text="short", media={"kind": "image"}, **{"from": NUMBER})
        await page_of(tab, f"http://127.0.0.1:{daemon.port}/")
        await tab.unfold("messages")
        await says(tab, "[data-part=events]", "Received")
        before = asked_of_chats(tab)
        await listed(tab, 1)
        with_list = asked_of_chats(tab)
        await chosen(tab)
        await bubbles(tab, 1)
        with_chat = asked_of_chats(tab)
        await receive(daemon, text="another")
        await bubbles(tab, 2)
        await tab.click(f"{bubble('image')} button")
        await tab.until_shown(IMAGE)
        at_the_end = asked_of_chats(tab)
        # The next time it is closed again.
        await page_of(tab, f"http://127.0.0.1:{daemon.port}/")
        is_open = await tab.value(f"document.querySelector('{CHATS}').open")

    assert ([], ["/chats?limit=20"]) == (before, with_list)
    assert [*with_list, f"/chats/{ADA.replace('@', '%40')}/messages?limit=30"] == with_chat
    assert with_chat == at_the_end[:2]
    assert 3 == len(at_the_end)
    assert not is_open


async def test_read_by_hand(browser, tmp_path):
    """Somebody writes, with a picture and a document: they are read, looked at, saved, and marked as read."""
    async with talking(browser) as (daemon, tab):
        await receive(daemon, media={"kind": "image"}, text="a caption")
        data = b64encode(CONTENT).decode()
        named = {"kind": "document", "filename": FILE, "mimetype": "application/pdf", "data": data}
        await receive(daemon, media=named)
        await says(tab, LIST, "3 unread")
        await chosen(tab)
        await bubbles(tab, 3)
        unasked = await tab.value("document.documentElement.outerHTML")
        await tab.click(f"{bubble('image')} button")
        await tab.until(f"document.querySelector(`{IMAGE}`)?.naturalWidth > 0", "the picture")
        await tab.click(TEXTS)
        await says(tab, SHOWN, SECRET)
        markup = await tab.value(f"document.querySelectorAll('{CHATS} :is(b, script)').length")
        await tab.send("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        await tab.click(f"{bubble('document')} button")
        saved = await written(tmp_path / FILE)
        wrong = await problems(tab, WIDE, axe=True)
        before = (await daemon.get("/sandbox/phone/presence")).json["seen"]
        await tab.click("[data-action=seen]")
        await tab.until_gone(f"{LIST} .unread")
        focused = await tab.value(FOCUSED)
        after = (await daemon.get("/sandbox/phone/presence")).json["seen"]
        log = daemon.text()

    assert [] == [each for each in (SECRET, "a caption", FILE) if each in unasked]
    assert (0, []) == (markup, wrong)
    assert CONTENT == saved
    assert ([], 1) == (before, len(after))
    assert "conversation-title" == focused
    assert SECRET not in log


async def test_answered_by_hand(browser, tmp_path):
    """A text goes out, and its ticks rise; a file really arrives, with the text beside it."""
    report = tmp_path / "answer.txt"
    report.write_bytes(b"a file of mine")
    async with talking(browser) as (daemon, tab):
        await chosen(tab)
        await bubbles(tab, 1)
        await answer(tab, "Thank you")
        await state_of_last(tab, "delivered")
        await daemon.phone("read")
        await state_of_last(tab, "read")
        out = await sent_out(daemon)
        await attach(tab, report)
        await answer(tab, "with a file")
        await bubbles(tab, 3)
        await state_of_last(tab, "delivered")
        (sent,) = await arrived(daemon)
        whole = (await daemon.get(f"/sandbox/phone/media/{sent['id']}")).body
        left = await tab.value(f"document.querySelector('{FIELD}').value")
        attached = await tab.text("[data-part=reply-file]")
        complaints = list(tab.complaints)

    assert [("Thank you", 1)] == out
    assert ("answer.txt", "with a file", 14) == (sent["filename"], sent["caption"], sent["size"])
    assert (b"a file of mine", hashlib.sha256(whole).hexdigest()) == (whole, sent["sha256"])
    assert ("", "", []) == (left, attached, complaints)


async def test_what_comes_is_told_but_not_read_out(browser):
    """A screen reader hears that somebody wrote; what, once texts are shown. Edits and deletions are shown, too."""
    async with talking(browser) as (daemon, tab):
        await chosen(tab)
        await bubbles(tab, 1)
        at_first = await tab.value(NEWS)
        await receive(daemon, text="the second")
        await tab.until(NEWS, "the news")
        unasked = await tab.value(NEWS)
        await tab.click(TEXTS)
        await receive(daemon, text="the third")
        await tab.until(f"{NEWS}.includes('third')", "the text in the news")
        await daemon.phone("edit", text="the last")
        await says(tab, SHOWN, "the last")
        edited = await tab.text(f"{SHOWN} > :last-child")
        await daemon.phone("revoke")
        await says(tab, f"{SHOWN} > :last-child", "Deleted")
        revoked = await tab.text(SHOWN)
        await daemon.phone("receive", text="from Bob", **{"from": "+15550002222"})
        await listed(tab, 2)
        first = await tab.value("document.querySelector('[data-chat]').dataset.chat")
        chosen_still = await tab.text(TITLE)

    assert "" == at_first
    assert f"New message from {NAME}." == unasked
    assert "edited" in edited
    assert "the last" not in revoked
    assert ("15550002222@c.us", f"{NAME} +1 555 000-11-11") == (first, chosen_still)


async def test_what_failed_says_why_and_what_to_do(browser, tmp_path):
    """WhatsApp's refusal stands at its message; wad's own at the form, where what was typed and chosen stays."""
    large, larger = tmp_path / "film.bin", tmp_path / "longer.bin"
    large.write_bytes(b"\0" * ((1 << 20) + 1))
    larger.write_bytes(b"\0" * (3 << 20))
    async with talking(browser, WAD_MESSAGES_MEDIA_MIB="1") as (daemon, tab):
        await chosen(tab)
        await bubbles(tab, 1)
        await answer(tab, " ")
        await says(tab, REFUSED, "Write a text, or choose a file.")
        await tab.press("Backspace")
        await daemon.phone("nack", code=500)
        await answer(tab, "refused")
        await state_of_last(tab, "failed")
        why = await tab.value(f"{LAST_OWN}.querySelector('.why').textContent")

        await daemon.phone("take_messages")
        await attach(tab, larger)
        await answer(tab, "too much")
        await says(tab, REFUSED, "smaller than")
        far_too_large = await tab.text(REFUSED)
        await attach(tab, large)
        await tab.click(REPLY)
        await says(tab, REFUSED, "wad takes files")
        too_large = await tab.text(REFUSED)
        focused = await tab.value(FOCUSED)
        kept = await tab.value(f"document.querySelector('{FIELD}').value")
        await tab.click("[data-language=ru]")
        await tab.until("document.documentElement.lang === 'ru'", "Russian")
        in_russian = await tab.text(REFUSED)
        await tab.click("[data-language=en]")
        await tab.click("[data-action=detach]")
        await tab.click(REPLY)
        await bubbles(tab, 3)
        await state_of_last(tab, "delivered")
        wrong = await problems(tab, WIDE, axe=True)
        out = await sent_out(daemon)

    assert why.startswith("WhatsApp refused the message. WhatsApp\u2019s code: 500. Do not simply repeat it")
    assert "The file is too large: it has to be smaller than 2 MiB." == far_too_large
    assert "The file is too large: wad takes files of up to 1 MiB. Choose a smaller one." == too_large
    assert ("attach", "too much") == (focused, kept)
    assert "1 \u041c\u0438\u0411" in in_russian
    # The browser's own word for what was refused.
    assert [] == [each for each in wrong if not each.startswith("network: Failed to load resource")]
    assert ["too much"] == [text for text, _ in out if text != "refused"]


async def test_a_file_that_is_there_no_more(browser):
    """What WhatsApp and the phone have no more is said in words; what the browser cannot show can be saved."""
    async with talking(browser, WAD_MESSAGES_MEDIA="lazy") as (daemon, tab):
        await receive(daemon, media={"kind": "video", "size": 5000})
        await chosen(tab)
        await bubbles(tab, 2)
        await tab.click(f"{bubble('video')} button")
        await says(tab, f"{bubble('video')} .error", "This browser cannot show it. It can be saved.")
        link = await tab.value(
            f"(({{ href, download }}) => [href.slice(0, 5), download])"
            f"(document.querySelector(`{bubble('video')} a`))"
        )
        made = await tab.value("globalThis.blobs.size")
        await tab.click(f"{bubble('video')} button")
        await tab.until_gone(f"{bubble('video')} a")
        given_back = await tab.value("globalThis.blobs.size")

        lost = await receive(daemon, media={"kind": "document", "size": 6000})
        await bubbles(tab, 3)
        await daemon.phone("expire", id=lost["id"], phone="gone")
        await tab.click(f"{bubble('document')} button")
        await says(tab, f"{bubble('document')} .error", "WhatsApp has this file no more")

    assert ["blob:", "video-"] == [link[0], link[1][:6]]
    assert (1, 0) == (made, given_back)


async def test_files_are_given_back(browser):
    """Whatever is shown is let go when the chat is left, or its message taken back."""
    async with talking(browser) as (daemon, tab):
        await receive(daemon, media={"kind": "voice"})
        await receive(daemon, media={"kind": "image"})
        await chosen(tab)
        await bubbles(tab, 3)
        await tab.click(f"{bubble('voice')} button")
        await tab.until("document.querySelector('.file audio')?.readyState > 0", "the voice")
        await tab.click(f"{bubble('image')} button")
        await tab.until_shown(IMAGE)
        shown = await tab.value("globalThis.blobs.size")
        await daemon.phone("revoke")
        await tab.until("globalThis.blobs.size === 1", "the picture's end")
        await tab.click("[data-action=leave]")
        await tab.until("globalThis.blobs.size === 0", "the voice's end")
        focused = await tab.value("document.activeElement.dataset.chat")

    assert (2, ADA) == (shown, focused)
    assert [] == tab.complaints


async def test_by_keyboard_on_a_narrow_screen_in_the_dark(browser, tmp_path):
    """Opened, read and answered without a mouse, in Russian; nothing is wrong with the picture."""
    visitor = Visitor("ru-RU", 360, 740, "dark", calm=True)
    async with talking(browser, visitor) as (daemon, tab):
        await tab.value(f"document.querySelector('{CHATS} summary').focus() ?? 1")
        steps = []
        for key in ("Tab", "Tab", "Enter"):
            await tab.press(key)
            steps.append(await tab.value(f"{FOCUSED} ?? document.activeElement.className"))
        await bubbles(tab, 1)
        list_shown = await tab.shown(LIST)
        for _ in range(4):
            await tab.press("Tab")
        steps.append(await tab.value("document.activeElement.id"))
        await tab.type("by hand")
        await tab.press("Tab")
        await tab.press("Enter")
        await state_of_last(tab, "delivered")
        wrong = await problems(tab, visitor, axe=True)
        await tab.value("document.querySelector('[data-action=leave]').focus() ?? 1")
        await tab.press("Enter")
        await tab.until_shown(LIST)
        back = await tab.value("document.activeElement.dataset.chat")
        out = await sent_out(daemon)

    assert ["chat-texts", "chat", "conversation-title", "reply-text"] == steps
    assert (False, ADA, []) == (list_shown, back, wrong)
    assert [("by hand", 1)] == out


async def test_with_the_session_the_chats_go(browser):
    """While WhatsApp is not connected what was known stays, and says so; after a reset nothing of it is left."""
    async with talking(browser) as (daemon, tab):
        await chosen(tab)
        await daemon.post("/api/whatsapp/stop")
        await says(tab, "[data-part=chats-state]", "This is what was last known.")
        await says(tab, "[data-part=reply-prospect]", "a message is accepted, and waits")
        await answer(tab, "later")
        await state_of_last(tab, "queued")
        await daemon.post("/api/whatsapp/start")
        await state_of_last(tab, "delivered")
        await daemon.post("/api/whatsapp/reset")
        await tab.until("document.querySelectorAll('[data-chat], .bubble').length === 0", "the chats' end")
        await says(tab, "[data-part=chats-state]", "The chats are shown when it is.")
        is_open = await tab.shown(CONVERSATION)

    assert not is_open


async def test_without_the_token_there_is_no_panel(browser):
    """Without the token nothing is shown or asked for; once it is forgotten what was shown is gone."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.link()
        await tab.open(locked.url)
        await tab.until_shown("#token-value")
        before = await tab.shown(CHATS)
        await tab.click("#token-value")
        await tab.type(TOKEN)
        await tab.press("Enter")
        await tab.until_shown(CHATS)
        await tab.unfold("chats")
        await says(tab, "[data-part=chats-state]", "There is no chat yet.")
        await tab.click("[data-action=forget-token]")
        await tab.until_gone(CHATS)

    assert not before
    assert ["/chats?limit=20"] == asked_of_chats(tab)
    assert [] == [url for url in tab.asked if TOKEN in url]


async def test_a_lost_answer_sends_one(browser, tmp_path):
    """A file whose acceptance was not heard of goes out once, however often it is sent."""
    report = tmp_path / "once.txt"
    report.write_text("once")
    async with talking(browser) as (daemon, tab):
        await tab.send("Page.addScriptToEvaluateOnNewDocument", source=LOSE_ANSWER)
        await page_of(tab, f"http://127.0.0.1:{daemon.port}/")
        await listed(tab, 1)
        await chosen(tab)
        await attach(tab, report)
        await tab.click(REPLY)
        await says(tab, REFUSED, "No answer came")
        await tab.click(REPLY)
        await state_of_last(tab, "delivered")
        await bubbles(tab, 2)
        files = await arrived(daemon)

    assert ["once.txt"] == [each["filename"] for each in files]


async def test_without_socketio_the_chat_goes_on(browser):
    """Where Socket.IO does not get through, messages and ticks come all the same, and nothing is asked again."""
    async with started() as daemon, browser.tab(WIDE) as tab:
        await daemon.phone("receive", text="short", name=NAME, **{"from": NUMBER})
        await tab.send("Network.setBlockedURLs", urls=["*/socket.io/*"])
        await tab.open(f"http://127.0.0.1:{daemon.port}/")
        await tab.until("document.body.dataset.link === 'polling'", "the polling")
        await tab.until_shown(CHATS)
        await listed(tab, 1)
        await chosen(tab)
        await bubbles(tab, 1)
        await receive(daemon, text="another")
        await bubbles(tab, 2)
        await answer(tab, "Thank you")
        await state_of_last(tab, "delivered")
        asked = asked_of_chats(tab)

    assert 2 == len(asked)
