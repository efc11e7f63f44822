"""The pages for those who come from the old server: they name all that its report names, and nothing that is not."""

import re
from pathlib import Path

import pytest
from docs_logcalls import events_in

from wad.config.schema import BY_ID
from wad.core.reasons import Reason
from wad.ctl.commands import TASKS

ROOT = Path(__file__).parents[2]
PAGES = ("from-the-old-server.md", "from-the-old-server.ru.md")

# What the report on the old server has people type, in its order. A command on two lines is one here.
COMMANDS = """\
curl -k -i https://api.2wix.ru/health
curl -k -i https://api.2wix.ru/whatsapp/status
curl -k -i https://api.2wix.ru/api/whatsapp/status
curl -k -i -X POST https://api.2wix.ru/api/whatsapp/start -H "Content-Type: application/json" -H "Origin: https://2wix.ru"
curl -k -X POST https://api.2wix.ru/api/whatsapp/start
curl -k https://api.2wix.ru/api/whatsapp/status | jq .
sudo nano /etc/nginx/sites-available/api-2wix-whatsapp.conf
sudo nginx -t
sudo systemctl reload nginx
sudo tail -f /var/log/nginx/api-2wix-error.log
sudo docker ps | grep whatsapp-server
sudo docker restart whatsapp-server
sudo docker logs whatsapp-server --tail=50 -f
sudo docker logs whatsapp-server --tail=100
curl -i http://10.8.0.1:3002/health
curl -i http://10.8.0.1:3002/whatsapp/status
sudo docker logs whatsapp-server | grep -i "qr\\|initializing\\|event=qr"
curl -k https://api.2wix.ru/api/whatsapp/status | jq .hasQr
sudo docker stop whatsapp-server
sudo rm -rf /volume1/docker/whatsapp-server/.wwebjs_auth
sudo docker start whatsapp-server
curl -k -X POST https://api.2wix.ru/api/whatsapp/reset
cd /volume1/docker/whatsapp-server
sudo docker-compose -f docker-compose.synology.yml up -d --build
"""
# Its files, the lines it has people look for, and the words of its answers and events.
WORDS = """\
whatsapp-server/src/server.ts
api-2wix-whatsapp.conf
docker-compose.synology.yml
/volume1/docker/whatsapp-server
/var/log/nginx/api-2wix-error.log
Error initializing WhatsApp client
Chromium not found
Permission denied
Session locked
upstream timed out
connection refused
502 Bad Gateway
[WA] Creating and initializing new WhatsApp client...
[WA] event=qr
[WA] state=idle -> qr
lastQr
updateWaState('qr', qrCode)
wa:qr
QR code available, waiting for scan
All services operational
Some services are not available (check whatsapp.ready)
if ($request_method = OPTIONS)
Access-Control-Allow-Origin
/health
isReady
hasQr
qrCode
currentState
accountInfo
degraded
"""


def text(page):
    """Give a page as it is read: a bar in a table's cell is written with a backslash."""
    return (ROOT / "docs" / page).read_text(encoding="utf-8").replace("\\|", "|").replace("\\\\", "\\")


def spans(page):
    """Give everything in a page that is set as code."""
    prose = re.sub(r"^ *```.*?^ *```$", "", text(page), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("command", COMMANDS.splitlines())
def test_each_command_has_its_row(command, page):
    """What the report has people type stands in a row of its own, with what it is now beside it."""
    rows = [line for line in text(page).splitlines() if line.startswith(f"| `{command}` | ")]

    assert 1 == len(rows)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("word", WORDS.splitlines())
def test_each_word_is_named(word, page):
    """The report's files, log lines, answers and events are all told of."""
    assert any(word in span for span in spans(page))


def test_both_languages_say_the_same():
    """Commands, paths and words are the same in both, in the same order."""
    first, second = (spans(page) for page in PAGES)

    assert first == second


def test_blocks_are_the_same():
    """What is to be copied is the same in both."""
    blocks = [re.findall(r"^ *```.*?^ *```$", text(page), re.MULTILINE | re.DOTALL) for page in PAGES]

    assert blocks[0] == blocks[1]


def test_what_it_is_now_is_there():
    """The log's lines, commands, reasons and settings that the pages name exist."""
    named = "\n".join(spans(PAGES[0]))
    lines = [span for span in spans(PAGES[0]) if span.startswith("[WA] ")]
    known = [re.escape(name).replace("…", ".+") for name in events_in(ROOT / "wad")]

    assert [] == [line for line in lines if not any(re.fullmatch(name, line) for name in known)]
    assert set(re.findall(r"wadctl ([a-z]+)", named)) <= {*TASKS, "doctor"}
    assert {"browser_missing", "storage_full", "profile_locked", "daemon_unavailable"} <= set(Reason)
    assert {f"{s}.{key}" for s, key in re.findall(r"\[(\w+)\] (\w+)", named) if s != "WA"} <= BY_ID.keys()


@pytest.mark.parametrize("words", ["Chromium not found", "Session locked", "Permission denied"])
def test_the_same_grep_finds_it(words):
    """The old server's errors are words of wad's log, each behind the sentence people look for first."""
    found = [name for name in events_in(ROOT / "wad") if words in name]

    assert 1 == len(found)
    assert "Error initializing WhatsApp client" in found[0]
