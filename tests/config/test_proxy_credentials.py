"""The browser's proxy: its address, and the credentials in a file of their own."""

import pytest

from wad.config import load, read_proxy_credentials, render
from wad.core.errors import ConfigError
from wad.page.launch import launch_options

PROXY = "http://proxy.example.org:3128"
SECRET = "hunter2-and:more"


def configured(tmp_path, content=f"ann:{SECRET}\n", mode=0o600, proxy=PROXY):
    """Load a configuration with this proxy, and its credentials in a file of this mode."""
    path = tmp_path / "credentials"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    env = {"WAD_BROWSER_PROXY_CREDENTIALS_FILE": str(path), "WAD_STATE_DIRECTORY": str(tmp_path)}
    return load(
        {}, {**env, **({"WAD_BROWSER_PROXY": proxy} if proxy else {})}, default_file=tmp_path / "none"
    )


def test_read(tmp_path):
    """User and password are what stands before and behind the first colon; the browser gets the address apart."""
    config = configured(tmp_path)
    options = launch_options(config)

    assert ("ann", SECRET) == read_proxy_credentials(config.browser)
    assert (f"--proxy-server={PROXY}",) == options.flags
    assert SECRET == options.proxy_credentials.password
    assert SECRET not in repr(options) + render(config)


def test_none(tmp_path):
    """Without a file the proxy is told nothing, and without a proxy the command line has none."""
    options = launch_options(load({}, {"WAD_STATE_DIRECTORY": str(tmp_path)}, default_file=tmp_path / "none"))

    assert (None, ()) == (options.proxy_credentials, options.flags)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o660])
def test_others_may_not_read_it(tmp_path, mode):
    """A file that anybody else can open is refused, with the command that mends it."""
    with pytest.raises(ConfigError, match="type chmod 600 ") as caught:
        read_proxy_credentials(configured(tmp_path, mode=mode).browser)
    assert SECRET not in str(caught.value)


LINES = {
    "empty": "",
    "no colon": "hunter2",
    "no user": ":hunter2",
    "two lines": "ann:hunter2\nmore",
    "no text": b"ann:\xffhunter2",
}


@pytest.mark.parametrize("case", LINES)
def test_no_credentials(tmp_path, case):
    """What is not one line of user:password is refused, and not repeated."""
    with pytest.raises(ConfigError, match="user:password") as caught:
        read_proxy_credentials(configured(tmp_path, LINES[case]).browser)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["socks5://proxy.example.org:1080", None])
def test_nobody_to_tell_them(tmp_path, proxy):
    """Chromium has no credentials for SOCKS, and none without a proxy: they would silently not be used."""
    with pytest.raises(ConfigError, match="goes with"):
        read_proxy_credentials(configured(tmp_path, proxy=proxy).browser)


def test_not_there(tmp_path):
    """A file that cannot be read is told with the reason."""
    config = configured(tmp_path)
    config.browser.proxy_credentials_file.unlink()
    with pytest.raises(ConfigError, match="No such file"):
        read_proxy_credentials(config.browser)


WRONG = [
    ("proxy.example.org:3128", "expected a URL"),
    ("ftp://proxy.example.org", "expected a URL"),
    ("http://proxy.example.org/path", "expected a URL"),
    ("http://a:1;http://b:2", "expected a URL"),
    ("http://proxy.example.org:http", "Port could not be cast"),
    ("http://ann:hunter2@proxy.example.org", "proxy_credentials_file"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_no_proxy(tmp_path, text, said):
    """What is no proxy's address is refused; credentials in it are sent to their file, and not repeated."""
    with pytest.raises(ConfigError, match=said) as caught:
        configured(tmp_path, proxy=text)
    assert "hunter2" not in str(caught.value)
