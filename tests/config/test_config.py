"""The configuration: its sources, their precedence, its errors, and what is printed of it."""

import argparse
import dataclasses
import tomllib
from ipaddress import ip_network
from pathlib import Path

import pytest

from wad.config import (
    TcpAddress,
    UnixAddress,
    add_flags,
    default_paths,
    load,
    load_from,
    read_token,
    render,
    render_example,
    render_nginx,
    require_safe,
)
from wad.config.render import _value
from wad.config.schema import BY_ID, SCHEMA
from wad.core.deadlines import NAMES
from wad.core.errors import ConfigError

TOKEN = "0123456789abcdef"
NOWHERE = Path("/nonexistent/wad.toml")

# Every key but the deadlines: its value in TOML, in the environment, and as wad sees it.
VALUES = {
    "waha.enabled": ("true", "true", True),
    "messages.chat_interval": ("2.5", "2.5", 2.5),
    "messages.chat_burst": ("5", "5", 5),
    "messages.new_chats_per_day": ("7", "7", 7),
    "messages.outbox_limit": ("99", "99", 99),
    "messages.expires_in": ("60", "60", 60.0),
    "messages.keep_days": ("1.5", "1.5", 1.5),
    "messages.keep_events": ("500", "500", 500),
    "messages.keep_mib": ("9", "9", 9),
    "messages.private_webhooks": ("true", "yes", True),
    "messages.keep": ("true", "yes", True),
    "state.directory": ('"/srv/wad"', "/srv/wad", Path("/srv/wad")),
    "http.listen": (
        '["127.0.0.1:80", "[::1]:81", "unix:/run/h"]',
        "127.0.0.1:80, [::1]:81,unix:/run/h",
        (TcpAddress("127.0.0.1", 80), TcpAddress("::1", 81), UnixAddress(Path("/run/h"))),
    ),
    "http.public_url": (
        '"https://Wad.Example.org:443/wad/"',
        "https://Wad.Example.org:443/wad/",
        "https://wad.example.org/wad",
    ),
    "http.allowed_hosts": (
        '["Wad.Example.org", "[::1]:80"]',
        "Wad.Example.org,[::1]:80",
        ("wad.example.org", "[::1]:80"),
    ),
    "http.allowed_origins": (
        '["https://2wix.ru", "https://www.2wix.ru"]',
        "https://2wix.ru,https://www.2wix.ru",
        ("https://2wix.ru", "https://www.2wix.ru"),
    ),
    "http.cors": ("false", "no", False),
    "http.token_file": ('"/etc/wad/api-token"', "/etc/wad/api-token", Path("/etc/wad/api-token")),
    "http.trusted_proxies": (
        '["10.8.0.1", "fd00::/8"]',
        "10.8.0.1,fd00::/8",
        (ip_network("10.8.0.1"), ip_network("fd00::/8")),
    ),
    "http.max_connections": ("250", "250", 250),
    "http.linked_screenshots": ("true", "1", True),
    "http.insecure": ("true", "yes", True),
    "browser.kind": ('"shell"', "shell", "shell"),
    "browser.executable": ('"/opt/chromium"', "/opt/chromium", Path("/opt/chromium")),
    "browser.arguments": (
        '["--disable-features=A,B", "--mute-audio"]',
        "--disable-features=A,B,--mute-audio",
        ("--disable-features=A,B", "--mute-audio"),
    ),
    "browser.proxy": (
        '"http://Proxy.example:3128"',
        "http://proxy.example:3128/",
        "http://proxy.example:3128",
    ),
    "browser.proxy_credentials_file": ('"/etc/wad/proxy"', "/etc/wad/proxy", Path("/etc/wad/proxy")),
    "browser.sandbox": ("false", "no", False),
    "link.autostart": ("false", "0", False),
    "messages.media": ('"lazy"', "lazy", "lazy"),
    "messages.media_mib": ("16", "16", 16),
    "messages.media_quota_mib": ("500", "500", 500),
    "messages.media_keep_days": ("3", "3", 3.0),
    "messages.private_media": ("true", "yes", True),
    "log.format": ('"json"', "json", "json"),
    "log.level": ('"debug"', "debug", "debug"),
    "control.socket": ('"/tmp/c.sock"', "/tmp/c.sock", Path("/tmp/c.sock")),
    "sandbox.enabled": ("true", "true", True),
    "sandbox.port": ("8099", "8099", 8099),
    "sandbox.clock": ("10", "10", 10.0),
    "sandbox.modules": ('"slow"', "slow", "slow"),
    "sandbox.debug": ('"late"', "late", "late"),
    "sandbox.qr_form": ('"suffix"', "suffix", "suffix"),
    "sandbox.pairing": ('"reload"', "reload", "reload"),
    "sandbox.language": ('"pt-BR"', "pt-BR", "pt-BR"),
}
DEADLINE_VALUES = {f"link.{name}": ("7", "7", 7) for name in NAMES}


@pytest.fixture
def write(tmp_path):
    """Write the text of a configuration file and return its path."""

    def written(text: str) -> Path:
        path = tmp_path / "wad.toml"
        path.write_text(text)
        return path

    return written


def only(flags=None, env=None, file=None):
    """Load without this machine's own file."""
    return load(flags, env, file, default_file=NOWHERE)


def error(flags=None, env=None, file=None) -> str:
    """Return the one line a wrong configuration is refused with."""
    with pytest.raises(ConfigError) as caught:
        only(flags, env, file)
    message = str(caught.value)
    assert 1 == len(message.splitlines())
    return message


def value(config, key_id):
    """Return a key's value, wherever it lies."""
    return _value(config, BY_ID[key_id])


# --- every key, from every source -----------------------------------------------------------------


def test_the_tables_know_every_key():
    """A key without a row in these tests is a key nobody tried."""
    assert {key.id for key in SCHEMA} == VALUES.keys() | DEADLINE_VALUES.keys()


@pytest.mark.parametrize(("key_id", "row"), (VALUES | DEADLINE_VALUES).items())
def test_every_key_can_be_set_in_the_file(key_id, row, write):
    """The file sets a key, and the origin names the file."""
    section, name = key_id.split(".")
    path = write(f"[{section}]\n{name} = {row[0]}\n")

    config = only(file=path)

    assert (row[2], str(path)) == (value(config, key_id), config.origins[key_id])


@pytest.mark.parametrize(("key_id", "row"), (VALUES | DEADLINE_VALUES).items())
def test_every_key_can_be_set_in_the_environment(key_id, row):
    """WAD_SECTION_KEY sets a key, and the origin names the variable."""
    variable = f"WAD_{key_id.replace('.', '_')}".upper()

    config = only(env={variable: row[1]})

    assert (row[2], variable) == (value(config, key_id), config.origins[key_id])


@pytest.mark.parametrize("key", SCHEMA, ids=lambda key: key.id)
def test_every_key_has_a_reason(key):
    """The manual quotes one line for each key."""
    assert 1 == len(key.why.splitlines())


def test_no_two_keys_share_a_variable():
    """Joined by an underscore, section and key stay distinct."""
    assert len(SCHEMA) == len({key.env for key in SCHEMA})


# --- precedence -----------------------------------------------------------------------------------

FILE = '[http]\nlisten = ["127.0.0.1:2"]\n'
ENV = {"WAD_HTTP_LISTEN": "127.0.0.1:3"}
FLAGS = {"listen": ["127.0.0.1:4"]}


@pytest.mark.parametrize(
    ("file", "env", "flags", "expected"),
    [
        (None, {}, {}, (3002, "default")),
        (FILE, {}, {}, (2, "file")),
        (None, ENV, {}, (3, "WAD_HTTP_LISTEN")),
        (None, {}, FLAGS, (4, "--listen")),
        (FILE, ENV, {}, (3, "WAD_HTTP_LISTEN")),
        (FILE, {}, FLAGS, (4, "--listen")),
        (None, ENV, FLAGS, (4, "--listen")),
        (FILE, ENV, FLAGS, (4, "--listen")),
        (FILE, ENV, {"listen": None}, (3, "WAD_HTTP_LISTEN")),
    ],
)
def test_precedence(file, env, flags, expected, write):
    """Defaults < file < environment < flags; a list is replaced as a whole."""
    path = write(file) if file else None

    config = only(flags, env, path)

    (address,) = config.http.listen
    assert expected == (address.port, config.origins["http.listen"].replace(str(path), "file"))


@pytest.mark.parametrize(
    ("flags", "env", "read"),
    [
        ({}, {}, "default"),
        ({}, {"WAD_CONFIG": "named"}, "named"),
        ({"file": "given"}, {"WAD_CONFIG": "named"}, "given"),
    ],
)
def test_which_file_is_read(flags, env, read, tmp_path):
    """--config before WAD_CONFIG before the default file; only one of them is read."""
    paths = {name: tmp_path / f"{name}.toml" for name in ("default", "named", "given")}
    for path in paths.values():
        path.write_text('[log]\nlevel = "debug"')
    env = {name: str(paths[given]) for name, given in env.items()}
    file = paths[flags["file"]] if flags else None

    config = load({}, env, file, default_file=paths["default"])

    assert str(paths[read]) == config.origins["log.level"]


def parsed(*arguments: str):
    """Parse arguments as the daemon does."""
    parser = argparse.ArgumentParser()
    add_flags(parser)
    return parser.parse_args(arguments)


def test_all_flags(write, monkeypatch, tmp_path):
    """Each flag sets its key; a relative state directory is meant from where it was typed."""
    monkeypatch.chdir(tmp_path)
    file = write('[log]\nlevel = "error"')
    arguments = ["--config", str(file), "--sandbox", "--no-autostart", "--state-dir", "here"]
    arguments += ["--listen", "127.0.0.1:1", "--listen", "unix:/run/h"]

    config = load_from(parsed(*arguments), {})

    expected = ("error", True, False, tmp_path / "here", ["127.0.0.1:1", "unix:/run/h"])
    listen = [str(address) for address in config.http.listen]
    assert expected == (
        config.log.level,
        config.sandbox.enabled,
        config.link.autostart,
        config.state_dir,
        listen,
    )


def test_flags_that_were_not_given_hide_nothing(write):
    """Without --sandbox and --no-autostart the file decides."""
    file = write("[sandbox]\nenabled = true\n[link]\nautostart = false")

    config = load_from(parsed("--config", str(file)), {})

    assert (True, False) == (config.sandbox.enabled, config.link.autostart)


# --- errors ---------------------------------------------------------------------------------------

# A text of the file, and all that the error must say beside the file's name.
WRONG_IN_FILE = [
    ('[http]\nlistn = ["a:1"]', ["[http] listn", "no such key", "did you mean listen?"]),
    ('[link]\npublic_url = "x"', ["[link] public_url", "did you mean public_url in [http]?"]),
    ("[htpp]\ninsecure = true", ["[htpp]", "no such section", "did you mean http?"]),
    ('listen = ["127.0.0.1:1"]', ["listen: stands outside of a section", "did you mean listen in [http]?"]),
    ("http = 3", ["http: is a section", "write [http]"]),
    ("[[http]]\ninsecure = true", ["http: is a section"]),
    ("[http\ninsecure = true", ["is not TOML", "line 1"]),
    ('[http]\ninsecure = true\nlisten = ["127.0.0.1:1"', ["is not TOML"]),
    ('[http]\nlisten = "127.0.0.1:1"', ['[http] listen = "127.0.0.1:1"', "expected a list"]),
    ("[http]\nlisten = []", ["[http] listen = []", "at least 1"]),
    ("[http]\nlisten = [3002]", ["[http] listen = 3002", "HOST:PORT"]),
    ('[http]\nlisten = ["3002"]', ['[http] listen = "3002"', "127.0.0.1:3002"]),
    ('[http]\nlisten = [":3002"]', ["HOST:PORT"]),
    ('[http]\nlisten = ["*:3002"]', ["0.0.0.0:PORT"]),
    ('[http]\nlisten = ["::1:3002"]', ["[::1]:3002"]),
    ('[http]\nlisten = ["[nonsense]:3002"]', ['"[nonsense]:3002"']),
    ('[http]\nlisten = ["127.0.0.300:3002"]', ["127.0.0.300"]),
    ('[http]\nlisten = ["localhost:70000"]', ["a port is at most 65535"]),
    ('[http]\nlisten = ["unix:wad.sock"]', ["absolute path"]),
    ('[http]\npublic_url = "wad.example.org"', ["https://wad.example.org"]),
    ('[http]\npublic_url = "https://user:hunter2@x.org"', ["//***@x.org", "no password"]),
    ('[http]\nallowed_hosts = ["https://x.org"]', ["without scheme"]),
    ('[http]\nallowed_origins = ["null"]', ['[http] allowed_origins = "null"', "cannot be allowed"]),
    ('[http]\nallowed_origins = ["https://x.org/"]', ["no path", 'write "https://x.org"']),
    ('[http]\ntoken_file = "secret-Token-itself"', ["[http] token_file = …", "absolute path"]),
    ('[http]\ntrusted_proxies = ["10.8.0.1/24"]', ['write "10.8.0.0/24"']),
    ('[http]\ntrusted_proxies = ["proxy.lan"]', ["IP address or a network"]),
    ('[http]\ninsecure = "yes"', ['[http] insecure = "yes"', "true or false, without quotes"]),
    ("[http]\ninsecure = 1979-05-27", ['"1979-05-27"', "true or false"]),
    ('[browser]\nexecutable = "./chromium"', ["absolute path"]),
    ('[browser]\narguments = ["no-sandbox"]', ['"no-sandbox"', "--proxy-server"]),
    ('[browser]\narguments = ["--remote-debugging-port=1"]', ["wad sets this argument itself"]),
    ('[browser]\narguments = ["--user-data-dir=/x"]', ["wad sets this argument itself"]),
    ('[link]\nautostart = "no"', ["[link] autostart"]),
    ("[link]\nready = 0", ["[link] ready = 0", "positive number of seconds"]),
    ("[link]\nready = true", ["[link] ready = true", "positive number of seconds"]),
    ("[link]\nready = nan", ["[link] ready = NaN"]),
    ("[link]\nready = inf", ["[link] ready = Infinity"]),
    ("[link]\nheartbeat_misses = 1.5", ["[link] heartbeat_misses = 1.5", "whole number"]),
    ('[log]\nformat = "xml"', ['[log] format = "xml"', "auto, console, journal, json"]),
    ("[log]\nlevel = 3", ["[log] level = 3", "debug, info, warning, error"]),
    ('[control]\nsocket = ""', ["[control] socket"]),
    ('[state]\ndirectory = "state"', ["[state] directory", "absolute path"]),
    ("[sandbox]\nport = 65536", ["[sandbox] port = 65536"]),
    ("[sandbox]\nport = -1", ["[sandbox] port = -1"]),
    ("[sandbox]\nclock = 0", ["[sandbox] clock = 0"]),
    ('[sandbox]\nmodules = "x"', ["normal, slow, never"]),
    ('[sandbox]\ndebug = "x"', ["early, late, never"]),
    ('[sandbox]\nqr_form = "x"', ["plain, prefix, suffix"]),
    ('[sandbox]\npairing = "x"', ["inplace, reload"]),
    ('[sandbox]\nlanguage = "english"', ["pt-BR"]),
]


@pytest.mark.parametrize(("text", "said"), WRONG_IN_FILE)
def test_an_error_in_the_file_names_its_place(text, said, write):
    """The line names file, section, key, the wrong value, and what would be right."""
    path = write(text)

    message = error(file=path)

    assert [] == [part for part in (str(path), *said) if part not in message]


@pytest.mark.parametrize("key", SCHEMA, ids=lambda key: key.id)
def test_a_value_of_the_wrong_type_names_its_place(key, write):
    """No key takes a table."""
    path = write(f"[{key.section}]\n{key.name} = {{a = 1}}")

    assert error(file=path).startswith(f"{path}: [{key.section}] {key.name} = ")


WRONG_IN_ENVIRONMENT = [
    ("WAD_HTTP_LISTN", "x", "there is no such setting; did you mean WAD_HTTP_LISTEN?"),
    ("WAD_TOKEN", "hunter2", "there is no such setting"),
    ("WAD_HTTP_LISTEN", "3002", '= "3002": expected HOST:PORT'),
    ("WAD_HTTP_LISTEN", "", "= []: expected at least 1"),
    ("WAD_HTTP_INSECURE", "maybe", '= "maybe": expected one of true, yes'),
    ("WAD_LINK_READY", "soon", '= "soon": expected a positive number'),
    ("WAD_LINK_READY", "-1", '= "-1": expected a positive number'),
    ("WAD_LINK_HEARTBEAT_MISSES", "1.5", '= "1.5": expected a whole number'),
    ("WAD_LOG_LEVEL", "INFO", '= "INFO": expected one of debug'),
    ("WAD_HTTP_TOKEN_FILE", "hunter2", "= …: expected an absolute path"),
    ("WAD_BROWSER_ARGUMENTS", "proxy-server=http://u:hunter2@p", "//***@p"),
    ("WAD_LOG_LEVEL", "a\nb", r'= "a\nb"'),
    ("WAD_LOG_LEVEL", "\udcff", r'= "\udcff"'),
    ("WAD_LOG_LEVEL", "x" * 1000, "…: expected"),
]


@pytest.mark.parametrize(("variable", "text", "said"), WRONG_IN_ENVIRONMENT)
def test_an_error_in_the_environment_names_its_variable(variable, text, said):
    """The line names the variable, and never a password."""
    message = error(env={variable: text})

    assert (True, True, False) == (message.startswith(variable), said in message, "hunter2" in message)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"listen": ["127.0.0.1:1", "x"]}, '--listen = "x": expected HOST:PORT'),
        ({"state_dir": ""}, '--state-dir = "": expected an absolute path'),
    ],
)
def test_an_error_in_a_flag_names_it(flags, said):
    """The line names the flag."""
    assert error(flags=flags).startswith(said)


def test_a_named_file_must_exist():
    """Only the default file may be missing."""
    assert f"{NOWHERE}: cannot be read: No such file or directory" == error(file=NOWHERE)
    assert f"{NOWHERE}: cannot be read: No such file or directory" == error(env={"WAD_CONFIG": str(NOWHERE)})


def test_a_file_that_is_no_text(tmp_path):
    """Bytes that are no UTF-8 are refused, a folder too."""
    path = tmp_path / "wad.toml"
    path.write_bytes(b"[http]\n\xff")

    assert f"{path}: is not UTF-8 (byte 7)" == error(file=path)
    assert f"{tmp_path}: cannot be read: Is a directory" == error(file=tmp_path)


def test_other_variables_are_not_ours():
    """Only the prefix WAD_ is judged; an empty text leaves an optional key unset."""
    config = only(
        env={"WADDLE": "1", "HOME": "/home/u", "WAD_HTTP_TOKEN_FILE": "", "WAD_HTTP_ALLOWED_ORIGINS": " , "}
    )

    assert (None, ()) == (config.http.token_file, config.http.allowed_origins)


# --- where things lie -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "state", "socket"),
    [
        ({"HOME": "/home/u"}, "/home/u/.local/state/wad", "/home/u/.local/state/wad/run/control.sock"),
        ({"HOME": "/home/u", "XDG_STATE_HOME": "/s"}, "/s/wad", "/s/wad/run/control.sock"),
        (
            {"HOME": "/home/u", "XDG_STATE_HOME": "s"},
            "/home/u/.local/state/wad",
            "/home/u/.local/state/wad/run/control.sock",
        ),
        (
            {"HOME": "/home/u", "XDG_RUNTIME_DIR": "/run/user/1"},
            "/home/u/.local/state/wad",
            "/run/user/1/wad/control.sock",
        ),
        ({"STATE_DIRECTORY": "/var/lib/wad", "HOME": "/x"}, "/var/lib/wad", "/run/wad/control.sock"),
        ({"STATE_DIRECTORY": "/var/lib/wad/two:/b"}, "/var/lib/wad/two", "/run/wad-two/control.sock"),
        ({"STATE_DIRECTORY": "/var/lib/wad-two"}, "/var/lib/wad-two", "/run/wad-two/control.sock"),
        ({"STATE_DIRECTORY": "/s", "RUNTIME_DIRECTORY": "/run/r"}, "/s", "/run/r/control.sock"),
        (
            {"STATE_DIRECTORY": "/h/u/.config/wad", "XDG_RUNTIME_DIR": "/run/user/1"},
            "/h/u/.config/wad",
            "/run/user/1/wad/control.sock",
        ),
        ({}, "/var/lib/wad", "/var/lib/wad/run/control.sock"),
        ({"HOME": "/h", "WAD_STATE_DIRECTORY": "/s"}, "/s", "/s/run/control.sock"),
    ],
)
def test_where_things_lie(env, state, socket):
    """Directories of systemd first, then the user's own; the control socket follows the state directory."""
    config = only(env=env)

    assert (Path(state), Path(socket)) == (config.state_dir, config.control.socket)


def test_a_path_may_begin_at_home(monkeypatch):
    """A tilde is the home of whoever runs wad."""
    monkeypatch.setenv("HOME", "/home/u")

    assert Path("/home/u/token") == only(env={"WAD_HTTP_TOKEN_FILE": "~/token"}).http.token_file


@pytest.mark.parametrize(("there", "found"), [(True, True), (False, False)])
def test_systemds_credential_is_the_default_token_file(there, found, tmp_path):
    """A loaded credential is used unless a file is named; without one there is none."""
    if there:
        (tmp_path / "api-token").write_text("none")
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    expected = tmp_path / "api-token" if found else None

    assert expected == only(env=env).http.token_file
    assert Path("/t") == only(env=env | {"WAD_HTTP_TOKEN_FILE": "/t"}).http.token_file


@pytest.mark.parametrize(
    ("state", "there", "expected"),
    [
        ("wad", ("run/wad", "credentials"), "run/wad/api-token"),
        ("wad-second", ("run/wad-second", "credentials"), "run/wad-second/api-token"),
        ("wad-second", ("run/wad", "credentials"), "credentials/api-token"),
        ("wad", ("run/wad",), "run/wad/api-token"),
        (None, ("run/wad", "credentials"), "credentials/api-token"),
    ],
)
def test_a_reload_hands_the_credential_over(state, there, expected, tmp_path, monkeypatch):
    """What ExecReload= has put beside the sockets holds, and not what systemd loaded at the start."""
    monkeypatch.setattr(default_paths, "RUN", tmp_path / "run")
    for place in there:
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "api-token").write_text("none")
    env = {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    env |= {"STATE_DIRECTORY": f"/var/lib/{state}"} if state else {}

    assert tmp_path / expected == only(env=env).http.token_file


def test_without_credentials_nothing_is_handed_over(tmp_path, monkeypatch):
    """Only a service with credentials looks beside its sockets for one."""
    monkeypatch.setattr(default_paths, "RUN", tmp_path)
    (tmp_path / "wad").mkdir()
    (tmp_path / "wad/api-token").write_text("none")

    assert only(env={"STATE_DIRECTORY": "/var/lib/wad"}).http.token_file is None


def test_the_default_hosts():
    """Unless hosts are named, the loopback names and the public URL's host are accepted."""
    public = {"WAD_HTTP_PUBLIC_URL": "https://wad.example.org:8443/x"}
    loopback = ("localhost", "127.0.0.1", "[::1]")

    assert loopback == only().http.hosts
    assert (*loopback, "wad.example.org:8443") == only(env=public).http.hosts
    assert ("a.b",) == only(env=public | {"WAD_HTTP_ALLOWED_HOSTS": "a.b"}).http.hosts


def test_the_sandboxs_clock_shortens_the_codes_only_there():
    """The deadlines in force follow the clock in the sandbox, and never touch a live link."""
    fast = {"WAD_SANDBOX_CLOCK": "10", "WAD_LINK_QR_QUIET": "320"}

    assert 320 == only(env=fast).deadlines.qr_quiet
    assert 32 == only({"sandbox": True}, fast).deadlines.qr_quiet
    assert 300 == only({"sandbox": True}, fast).deadlines.ready


@pytest.mark.parametrize("clock", ["0.001", "1", "1000"])
@pytest.mark.parametrize("name", ["qr_quiet", "qr_max"])
def test_the_sandboxs_codes_end_only_if_somebody_says_when(name, clock):
    """Unless set they outlast any run, whatever the clock; set to what a link has by default, they end then."""
    settings = {"WAD_SANDBOX_CLOCK": clock}
    usual = getattr(only(env=settings).deadlines, name)
    year = 365 * 86400

    unset = only({"sandbox": True}, settings)
    said = only({"sandbox": True}, {**settings, f"WAD_LINK_{name.upper()}": str(usual)})

    assert getattr(unset.deadlines, name) == pytest.approx(10 * year)
    assert getattr(said.deadlines, name) == pytest.approx(usual / float(clock))


def test_what_is_printed_of_the_sandboxs_codes_can_be_loaded_again(write):
    """`wad config` says how long they are shown, and from its output the same is in force."""
    config = only({"sandbox": True}, {"WAD_SANDBOX_CLOCK": "5"})

    assert config == only(file=write(render(config)))


def test_the_configuration_is_frozen():
    """A reload makes a new one."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        only().state_dir = Path("/")


# --- the token ------------------------------------------------------------------------------------


@pytest.fixture
def token_file(tmp_path):
    """Write a token's file with a mode and return its path."""

    def written(content: bytes, mode: int = 0o600) -> Path:
        path = tmp_path / "api-token"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    return written


@pytest.mark.parametrize(
    ("content", "token"),
    [(b"none", None), (b"none\n", None), (TOKEN.encode(), TOKEN), (f" {TOKEN}\n".encode(), TOKEN)],
)
def test_a_token_is_read(content, token, token_file):
    """Blanks around it do not count, and `none` means that there is none."""
    assert token == read_token(token_file(content, 0o640))


def test_no_file_is_no_token():
    """Nothing is configured, nothing is wanted."""
    assert read_token(None) is None


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"", 0o600, "fewer than 16 characters; write one with: openssl rand -hex 32"),
        (b"secret5", 0o600, "fewer than 16 characters"),
        (b"secret secret secret", 0o600, "one line of ASCII without blanks"),
        (b"secret-secret\nsecret-secret", 0o600, "one line of ASCII"),
        ("secret-секрет-secret".encode(), 0o600, "one line of ASCII"),
        (b"secret" * 1000, 0o600, "larger than 4096 bytes"),
        (b"secret-secret-secret", 0o644, "can be read by every local user: type chmod o-rwx"),
    ],
)
def test_an_unfit_token_is_refused(content, mode, said, token_file):
    """The error names the file and what to do, and nothing of the content."""
    path = token_file(content, mode)

    with pytest.raises(ConfigError) as caught:
        read_token(path)

    message = str(caught.value)
    assert (True, True, False) == (str(path) in message, said in message, "secret" in message)


def test_a_missing_token_file_is_an_error():
    """A token that was asked for and is not there must not open the door."""
    with pytest.raises(ConfigError, match=r"token file .* cannot be read: No such file"):
        read_token(NOWHERE)


LOOPBACK = "127.0.0.1:1,127.9.9.9:1,[::1]:1,localhost:1,unix:/run/h"


@pytest.mark.parametrize(
    ("listen", "token", "insecure", "safe"),
    [
        (LOOPBACK, None, "no", True),
        ("0.0.0.0:1", None, "no", False),
        ("[::]:1", None, "no", False),
        ("127.0.0.1:1,10.8.0.2:1", None, "no", False),
        ("wad.lan:1", None, "no", False),
        ("localhost.evil.org:1", None, "no", False),
        ("10.8.0.2:1", TOKEN, "no", True),
        ("10.8.0.2:1", None, "yes", True),
    ],
)
def test_beyond_loopback_a_token_is_wanted(listen, token, insecure, safe):
    """Without a token nothing but this machine is served, unless the configuration insists."""
    config = only(env={"WAD_HTTP_LISTEN": listen, "WAD_HTTP_INSECURE": insecure})

    if safe:
        require_safe(config, token)
    else:
        with pytest.raises(
            ConfigError, match=r"set \[http\] token_file, listen on 127.0.0.1, or say insecure"
        ):
            require_safe(config, token)


def test_the_sockets_in_use_are_judged_not_the_configured_ones():
    """Sockets handed over by systemd may be others than those the configuration mentions."""
    with pytest.raises(ConfigError):
        require_safe(only(), None, [TcpAddress("0.0.0.0", 80)])
    require_safe(only({"listen": ["0.0.0.0:1"]}), None, [UnixAddress(Path("/run/h"))])


# --- what is printed ------------------------------------------------------------------------------


def everything() -> str:
    """Return a file that sets every key."""
    rows = VALUES | DEADLINE_VALUES
    return "".join(f"{key_id} = {row[0]}\n" for key_id, row in rows.items())


@pytest.mark.parametrize("text", ["", everything()], ids=["defaults", "everything"])
def test_what_is_printed_can_be_loaded_again(text, write):
    """`wad config` prints TOML which means the same."""
    config = only(file=write(text))

    assert config == only(file=write(render(config)))


def test_the_example_sets_nothing(write):
    """The example explains every key and leaves each at its default."""
    text = render_example(only())

    assert only() == only(file=write(text))
    assert [] == [key.id for key in SCHEMA if f"# {key.why}\n#{key.name} = " not in text]


def test_what_is_printed_says_where_it_came_from(write):
    """Each line ends with its origin."""
    path = write('[log]\nlevel = "debug"')
    lines = render(only({"sandbox": True}, {"WAD_LOG_FORMAT": "json"}, path)).splitlines()

    expected = {
        f'level = "debug"  # {path}',
        'format = "json"  # WAD_LOG_FORMAT',
        "enabled = true  # --sandbox",
        "autostart = true  # default",
    }
    assert expected <= set(lines)


def test_what_is_printed_hides_secrets(token_file):
    """The token's path is shown, the token is not; a proxy's password is masked."""
    path = token_file(TOKEN.encode())
    env = {"WAD_HTTP_TOKEN_FILE": str(path), "WAD_BROWSER_ARGUMENTS": "--proxy-server=http://u:hunter2@p:1"}

    text = render(only(env=env))

    assert (True, True) == (str(path) in text, "http://***@p:1" in text)
    assert (False, False) == (TOKEN in text, "hunter2" in text)
    assert path == Path(tomllib.loads(text)["http"]["token_file"])


def test_nginxs_map():
    """Exact origins are plain strings, wildcards and long ones anchored expressions, all others empty."""
    long = f"https://{'a' * 60}.example.org"
    origins = ["https://2wix.ru", "http://localhost:5173", "https://*.example.org", "http://[::1]:80", long]

    text = render_nginx(only(env={"WAD_HTTP_ALLOWED_ORIGINS": ",".join(origins)}))

    expected = r"""map $http_origin $wad_cors_origin {
    default "";
    "https://2wix.ru" $http_origin;
    "http://localhost:5173" $http_origin;
    "~*^https://[a-z0-9_-]+\.example\.org$" $http_origin;
    "http://[::1]" $http_origin;
    "~*^https://AAA\.example\.org$" $http_origin;
}
""".replace("AAA", "a" * 60)
    assert expected == text
