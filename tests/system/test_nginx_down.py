"""nginx's page for people while wad is down: whom it is shown to, and that it goes over to wad's page by itself."""

import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from nginx_front import running, wad
from nginx_harness import ROOT

from wad.web.pages import HEADERS

sys.path.insert(0, str(Path(__file__).parents[1] / "ui"))
sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

from daemon_client import until
from ui_browser import SITE, Visitor, running_browser
from ui_judge import problems

# What browsers send for an address that is opened.
OPENED = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
PAGES = ["/", "/docs", "/docs/", "/?from=mail"]
NAME = "wad is not running or does not answer"
HERE = f"document.querySelector('h1')?.innerText.trim() === '{NAME}'"
# wad's own page, alive.
THERE = "document.body?.dataset.link === 'live'"


def test_the_shipped_files_are_what_is_made_of_their_parts():
    """Neither the page nor its policy's hashes are stale."""
    done = subprocess.run(
        [sys.executable, ROOT / "etc/down-page", "--check"], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("path", [*PAGES, "/accounts/down/", "/accounts/down/docs"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whoever_opens_a_page_is_shown_one(up, down, method, path):
    """It is still a 503, which no cache keeps, under the policy of wad's page, for this page's parts alone."""
    harness = up if path.startswith("/accounts") else down
    answer = harness.nginx.ask(method, path, OPENED)
    policy = answer.headers["Content-Security-Policy"]

    assert (503, ["text/html; charset=UTF-8"]) == (answer.code, answer.headers.get_all("Content-Type"))
    assert (NAME.encode() in answer.body) is (method == "GET")
    assert ["no-store"] == answer.headers.get_all("Cache-Control")
    assert ["nosniff"] == answer.headers.get_all("X-Content-Type-Options")
    assert ["no-referrer"] == answer.headers.get_all("Referrer-Policy")
    assert ["same-site"] == answer.headers.get_all("Cross-Origin-Resource-Policy")
    assert ("5", None) == (answer.headers["Retry-After"], answer.headers["Access-Control-Allow-Origin"])
    for name in ("Permissions-Policy", "X-Frame-Options"):
        assert [HEADERS[name]] == answer.headers.get_all(name)
    kept = re.sub(r"(script|style)-src 'sha256-[^']*'", r"\1-src 'self'", policy)
    kept = kept.replace("img-src data:", "img-src 'self' data: blob:")
    assert HEADERS["Content-Security-Policy"] == kept
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/", None),
        ("GET", "/", "*/*"),
        ("GET", "/", "application/json"),
        ("GET", "/", "application/xhtml+xml, x/text/html"),
        ("POST", "/", OPENED["Accept"]),
        ("GET", "/livez", OPENED["Accept"]),
        ("GET", "/api/whatsapp/qr.png", OPENED["Accept"]),
        ("GET", "/api/whatsapp/events", OPENED["Accept"]),
        ("GET", "/ui/style.css", "text/css,*/*;q=0.1"),
        ("GET", "/docs/openapi", OPENED["Accept"]),
        ("GET", "/wad-down-page.html", OPENED["Accept"]),
    ],
)
def test_nobody_else_is(down, method, path, accept):
    """Programs, and whatever a page asks for, get the error in JSON as ever."""
    answer = down.nginx.ask(method, path, {"Accept": accept} if accept else {})

    assert (503, "daemon_unavailable") == (answer.code, answer.json["code"])
    assert "application/json; charset=UTF-8" == answer.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/health", "/whatsapp/status", "/whatsapp/account"])
def test_the_status_routes_are_as_ever(down, path):
    """Opened in a browser, too, they answer 200 with nginx's document."""
    answer = down.nginx.ask("GET", path, OPENED)

    assert (200, "application/json; charset=UTF-8") == (answer.code, answer.headers["Content-Type"])


@pytest.mark.parametrize("path", ["/wad-down-page", "/wad-down.html"])
def test_it_has_no_address_of_its_own(up, path):
    """Nobody reads it while wad is up."""
    answer = up.nginx.ask("GET", path, OPENED)

    assert (404, "not_found") == (answer.code, answer.json["code"])


def test_without_its_file_the_answer_is_the_old_one(free_folder):
    """A site whose snippets were copied without the page goes on as before."""
    with running(free_folder, f"unix:{free_folder}/nobody.sock") as nginx:
        (free_folder / "snippets/wad-down.html").unlink()
        answer = nginx.ask("GET", "/", OPENED)

    assert (503, "daemon_unavailable") == (answer.code, answer.json["code"])


@pytest.mark.parametrize("size", [(1280, 800), (360, 740), (320, 568)], ids=lambda size: f"{size[0]}px")
@pytest.mark.parametrize("language", ["en-GB", "ru-RU", "de"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_wrong_with_it(io_loop, down, size, language, scheme):
    """It is all in the reader's language, fits, asks for nothing elsewhere, and axe has nothing to say."""
    spoken = "ru" if language == "ru-RU" else "en"
    visitor = Visitor(language, *size, scheme=scheme)
    async with running_browser() as browser, browser.tab(visitor) as tab:
        await tab.open(f"http://{SITE}:{down.nginx.port}/")
        # The document's own status is an error to the browser's console.
        tab.complaints[:] = [each for each in tab.complaints if "503" not in each]
        found = await problems(tab, Visitor(spoken), axe=True)

    # What is to be typed is the same in every language.
    assert [] == [each for each in found if not re.fullmatch(r"words: (sudo )?systemctl \w+ wad", each)]


async def test_it_goes_over_to_wads_page(io_loop, free_folder):
    """Once wad is started, without a hand; the language that was chosen goes with it."""
    with ExitStack() as stack:
        nginx = stack.enter_context(running(free_folder, f"unix:{free_folder}/main/http.sock"))
        async with running_browser() as browser, browser.tab() as tab:
            await tab.open(f"http://{SITE}:{nginx.port}/?kept=1#too")
            await tab.until(HERE, "nginx's page")
            await tab.click("[data-language=ru]")
            await tab.until("document.querySelector('h1').innerText.includes('не запущен')", "Russian")
            stack.enter_context(wad(free_folder / "main"))
            await tab.until(THERE, "wad's page")
            place = await tab.value("[location.search, location.hash, document.documentElement.lang]")

    assert ["?kept=1", "#too", "ru"] == place


async def test_below_an_account(io_loop, free_folder):
    """It names that account's service, and goes over to that account's page."""
    with ExitStack() as stack:
        (free_folder / "run-second").mkdir()
        nginx = stack.enter_context(running(free_folder, f"unix:{free_folder}/nobody.sock"))
        async with running_browser() as browser, browser.tab() as tab:
            await tab.open(f"http://{SITE}:{nginx.port}/accounts/second/")
            await tab.until(HERE, "nginx's page")
            named = await tab.value("[...document.querySelectorAll('code')].map((each) => each.innerText)")
            (free_folder / "run-second").rmdir()
            stack.enter_context(wad(free_folder / "run-second"))
            await tab.until(THERE, "wad's page")
            path = await tab.value("location.pathname")

    assert ["systemctl status wad@second", "sudo systemctl start wad@second"] == named
    assert "/accounts/second/" == path


async def test_without_javascript(io_loop, free_folder):
    """Both languages are there, no button that does nothing is, and the browser asks again by itself."""
    with ExitStack() as stack:
        nginx = stack.enter_context(running(free_folder, f"unix:{free_folder}/main/http.sock"))
        async with running_browser() as browser, browser.tab() as tab:
            await tab.send("Emulation.setScriptExecutionDisabled", value=True)
            # Without scripts no frame calls back: one asks from outside, as often as it takes.
            await tab.send("Page.navigate", url=f"http://{SITE}:{nginx.port}/")
            await until(lambda: tab.value("document.readyState === 'complete'"), "nginx's page")
            text, buttons = await tab.text("main"), await tab.shown(".languages")
            stack.enter_context(wad(free_folder / "main"))
            await until(lambda: tab.shown("noscript .banner"), "wad's page")

    assert NAME in text
    assert "wad не запущен или не отвечает" in text
    assert "systemctl status wad" in text
    assert not buttons
