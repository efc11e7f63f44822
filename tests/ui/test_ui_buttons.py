"""The page's buttons, pressed by mouse and by keyboard: what they ask of wad, and what is shown of it."""

import pytest
from ui_harness import PAIRING_TEXT, code

from wad.core.events import (
    Authenticated,
    LogoutRequested,
    PairingCancelled,
    PairingRefused,
    PairRequested,
    QrIssued,
    Ready,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.core.status import Account, Phase

CODE = "[data-part=code] img"
PAIRING = "[data-part=pairing-code]"
NUMBER = "#phone-number"
DIALOG = "dialog[open]"
FOCUSED = "document.activeElement"


def button(name):
    return f"[data-action={name}]"


async def scene(tab, name):
    await tab.until(f"document.body.dataset.scene === '{name}'", f"the scene {name}")


async def test_start_and_stop(here, browser):
    """Start links and shows a code; stop closes the browser."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(button("start"))
        await tab.until_shown(CODE)
        await tab.click(button("stop"))
        await scene(tab, "idle")

    assert [StartRequested(), StopRequested()] == here.inbox.commands


@pytest.mark.parametrize("way_out", ["button", "key"])
async def test_reset_asks_first(here, browser, way_out):
    """Nothing is forgotten unless it is confirmed; the focus comes back to the button that asked."""
    here.link()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(button("reset"))
        await tab.until_shown(DIALOG)
        await (tab.click(button("dialog-cancel")) if way_out == "button" else tab.press("Escape"))
        await tab.until_gone(DIALOG)
        focused = await tab.value(f"{FOCUSED}.dataset.action")
        asked_before = list(here.inbox.commands)
        await tab.click(button("reset"))
        await tab.click(button("dialog-confirm"))
        await tab.until_shown(CODE)

    assert ("reset", []) == (focused, asked_before)
    assert [ResetRequested()] == here.inbox.commands


async def test_logout_asks_first(here, browser):
    """A link is ended only after asking; then a new code is shown."""
    here.link()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(button("logout"))
        await tab.click(button("dialog-confirm"))
        await tab.until_shown(CODE)

    assert [LogoutRequested()] == here.inbox.commands


async def test_pairing_by_number(here, browser):
    """A wrong number is refused beside its field, a right one leads to a code, and from there back to the QR."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(button("open-form"))
        await tab.until(f"{FOCUSED}.matches('{NUMBER}')", "the focus in the field")
        await tab.type("12")
        await tab.click(button("pair"))
        await tab.until("document.querySelector('#phone-error').innerText", "the refusal")
        invalid = await tab.value(f"document.querySelector('{NUMBER}').getAttribute('aria-invalid')")
        refused = list(here.inbox.commands)
        await tab.type("3 (456) 789-01.23")
        await tab.click(button("pair"))
        await tab.until_shown(PAIRING)
        shown = await tab.text(PAIRING)
        await tab.click(button("cancel"))
        await tab.until_shown(CODE)

    assert ("true", []) == (invalid, refused)
    assert f"{PAIRING_TEXT[:4]}-{PAIRING_TEXT[4:]}" == "".join(shown.split())
    assert [PairRequested("123456789012" + "3"), PairingCancelled()] == here.inbox.commands


async def test_a_refused_number_is_said_beside_the_code(here, browser):
    """Where WhatsApp gives no code to type, the QR code comes back, with the reason beside it."""
    here.show_code()
    here.inbox.works = False
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(button("open-form"))
        await tab.type("15551234567")
        await tab.press("Enter")
        await tab.until("!document.querySelector('[data-part=form]').checkVisibility()", "the form's end")
        asked = here.session.status.phase
        here.apply(PairingRefused(), QrIssued(code(2)))
        await tab.until_shown(CODE)
        await tab.until_shown("[data-part=notice]")
        notice = await tab.text("[data-part=notice]")

    assert asked is Phase.PAIRING
    assert "WhatsApp gave no pairing code for this number" in notice


async def test_what_is_being_typed_stays(here, browser):
    """New codes and states do not disturb whoever types: text, focus and cursor stay where they were."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.click(button("open-form"))
        await tab.type("+1555")
        await tab.value(f"document.querySelector('{NUMBER}').setSelectionRange(2, 2)")
        for number in range(2, 5):
            await tab.heard(here.apply(QrIssued(code(number))).seq)
        kept = await tab.value(f"[{FOCUSED}.id, {FOCUSED}.value, {FOCUSED}.selectionStart]")

    assert ["phone-number", "+1555", 2] == kept


async def test_main_flow_by_keyboard(here, browser):
    """Start, a number instead of a camera, the code, back, and a reset that is thought better of: no mouse needed."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.until_shown(button("start"))
        await reach(tab, "start")
        await tab.press("Enter")
        await tab.until_shown(CODE)
        await reach(tab, "open-form")
        await tab.press("Space")
        await tab.until(f"{FOCUSED}.matches('{NUMBER}')", "the focus in the field")
        await tab.type("15551234567")
        await tab.press("Enter")
        await tab.until_shown(PAIRING)
        await reach(tab, "cancel")
        await tab.press("Enter")
        await tab.until_shown(CODE)
        here.apply(Authenticated(50), Ready(Account("15551234567")))
        await scene(tab, "account")
        await reach(tab, "reset")
        await tab.press("Enter")
        await tab.until_shown(DIALOG)
        await tab.press("Escape")
        await tab.until_gone(DIALOG)

    kinds = [type(each) for each in here.inbox.commands]
    assert [StartRequested, PairRequested, PairingCancelled] == kinds


async def reach(tab, name):
    """Press Tab until a button has the focus, which must then be seen; fail if it is never reached."""
    for _ in range(40):
        if await tab.value(f"{FOCUSED}.dataset.action === '{name}'"):
            assert await tab.value(f"getComputedStyle({FOCUSED}).outlineStyle !== 'none'"), name
            return
        await tab.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


async def test_a_refused_command_is_said(here, browser):
    """Where wad does not take a command the page says so, and the button can be pressed again."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.until_shown(button("stop"))
        submit = here.inbox.submit
        here.inbox.submit = refuse
        await tab.click(button("stop"))
        await tab.until("document.querySelector('[data-part=error]').innerText", "the refusal")
        here.inbox.submit = submit
        await tab.click(button("stop"))
        await scene(tab, "idle")


async def refuse(_):
    raise RuntimeError("no")


async def test_texts_from_outside_stay_texts(here, browser):
    """A name that would be markup is shown as it is."""
    name = "<img src=x onerror=alert(1)>&amp;"
    here.show_code()
    here.apply(Authenticated(50), Ready(Account("15551234567", name, "<b>android</b>")))
    async with browser.tab() as tab:
        await tab.open(here.url)
        await scene(tab, "account")
        shown = await tab.text("[data-part=account-name]")
        made = await tab.value(
            "document.querySelectorAll('[data-part=account] img, [data-part=account] b').length"
        )

    assert (name, 0, []) == (shown, made, tab.complaints)


async def test_language_is_chosen_and_kept(here, browser):
    """The other language is one press away, and is the page's from then on."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click("[data-language=ru]")
        await tab.until("document.documentElement.lang === 'ru'", "Russian")
        pressed = await tab.value("document.querySelector('[data-language=ru]').getAttribute('aria-pressed')")
        await tab.open(here.url)
        await tab.until("document.documentElement.lang === 'ru'", "Russian again")

    assert "true" == pressed


async def test_links_lead_somewhere(here, browser):
    """Each address the page offers is answered."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        codes = await tab.value(
            "await Promise.all([...document.querySelectorAll('a[href]')].filter((each) => !each.hash)"
            ".map(async (each) => [each.getAttribute('href'), (await fetch(each.href)).status]))"
        )

    assert len(codes) >= 3
    assert {} == {address: status for address, status in codes if status != 200}
