"""The tables [[webhooks]] of the file, and what is refused of them."""

from pathlib import Path

import pytest

from wad.config import load, read_webhook_secrets, render
from wad.core.errors import ConfigError

TABLE = """
[[webhooks]]
name = "a"
url = "https://example.org/hook?key=hidden"
secret_file = "/etc/wad/hook"
events = ["message"]
headers = { Authorization = "hidden" }
timeout = 5
"""


def loaded(folder, text):
    """Load a file with this text."""
    path = folder / "wad.toml"
    path.write_text(text)
    return load(file=path)


def test_a_table_is_read(tmp_path):
    """With all its keys; without any there is none."""
    (hook,) = loaded(tmp_path, TABLE).webhooks

    assert (hook.name, hook.secret_file, hook.events) == ("a", Path("/etc/wad/hook"), ("message",))
    assert (dict(hook.headers), hook.timeout) == ({"Authorization": "hidden"}, 5)
    assert loaded(tmp_path, "").webhooks == ()


def test_a_webhook_in_wahas_form(tmp_path):
    """Is named as such, and stays so in what is printed; the others are wad's own."""
    (hook,) = loaded(tmp_path, TABLE + 'format = "waha"\n').webhooks

    assert hook.format == "waha"
    assert (
        loaded(tmp_path, render(loaded(tmp_path, TABLE + 'format = "waha"\n'))).webhooks[0].format == "waha"
    )
    assert loaded(tmp_path, TABLE).webhooks[0].format == "wad"


def test_what_is_printed_holds_no_secret(tmp_path):
    """Neither the URL's query nor a header's value, and it can be loaded again."""
    text = render(loaded(tmp_path, TABLE))

    assert "hidden" not in text
    assert loaded(tmp_path, text).webhooks[0].name == "a"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (TABLE.replace('name = "a"', ""), "webhooks[0].name"),
        (TABLE.replace('url = "https://example.org/hook?key=hidden"', "url = 1"), "webhooks[0].url"),
        (TABLE.replace('"/etc/wad/hook"', '"hook"'), "webhooks[0].secret_file"),
        (TABLE.replace('["message"]', '"message"'), "webhooks[0].events"),
        (TABLE.replace('{ Authorization = "hidden" }', "{ A = 1 }"), "webhooks[0].headers"),
        (TABLE.replace("timeout = 5", "timeout = true"), "webhooks[0].timeout"),
        (TABLE + "format = 1\n", "webhooks[0].format"),
        (TABLE + "more = 1\n", "webhooks[0]: there is no such key"),
        (TABLE + TABLE, "webhooks[1].name: another webhook has this name"),
        ("[webhooks]\nname = 'a'\n", "write [[webhooks]]"),
    ],
)
def test_an_error_names_its_place(tmp_path, text, place):
    """In one line, with nothing secret in it."""
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, text)

    assert place in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_secrets_are_one_a_line_and_not_for_everybody(tmp_path):
    """Two while they are changed; a file that others can read is refused."""
    secrets = tmp_path / "hook"
    secrets.write_text("whsec_a\nwhsec_b\n")
    secrets.chmod(0o600)
    (hook,) = loaded(tmp_path, TABLE.replace("/etc/wad/hook", str(secrets))).webhooks
    found = read_webhook_secrets(hook)
    secrets.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod"):
        read_webhook_secrets(hook)

    assert found == ["whsec_a", "whsec_b"]
