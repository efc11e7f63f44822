"""One account as a service on a booted machine, from the installation of the package to a wrong setting."""

import pytest
from boot_harness import facts


@pytest.fixture(scope="module")
def life(package):
    """Give what was found out in one boot; the scripts beside this file say how."""
    return facts("life.sh", package)


# Each row: what is promised, what was found out, and how it has to be.
PROMISES = {
    "installing starts the service": {"installed_exit": "0", "active_after_install": "active"},
    "the service comes back with the machine": {"enabled": "enabled enabled enabled"},
    "systemd has nothing to say about the units": {"verify": ""},
    "the sockets are for nginx and for the group": {"sockets": "660:root:www-data 660:root:wad"},
    "systemctl status shows the link": {
        "status_line": "qr (waiting_for_scan)",
        "linked_line": "ready (linked)",
    },
    "wadctl tells the state": {"status_exit": "0", "status_text": "qr", "is_linked_exit": "0"},
    "the journal can be asked for a state": {"journal_qr": "[WA] state=idle -> qr"},
    "no code is in the journal": {"journal_leak": "0"},
    "chromium keeps its own sandbox": {
        "no_sandbox_flags": "0",
        "renderer_seccomp": "2",
        "renderer_user": "own",
        "renderer_pid": "own",
        "renderer_net": "own",
    },
    "strangers are refused": {"stranger_exit": "4", "stranger_http_exit": "7"},
    "the group may ask": {"member_exit": "0", "member_socat": '{"success":true,'},
    "nginx may ask": {"nginx_user_exit": "0"},
    "the doctor finds a linked service well": {
        "doctor_exit": "0",
        "doctor_fails": "0",
        "doctor_says": 'unit"ok socket"ok daemon"ok link"ok http"ok',
    },
    "the doctor tells of a stopped one, and starts nothing": {"stopped_doctor_exit": "1"},
    "what the browser takes can be told under the unit's protection": {
        "vitals": '"memoryBytes":N "processes":N "memoryBytes":N'
    },
    "the package has the page": {
        "page": "200 text/html; charset=UTF-8",
        "page_script": "200",
        "page_client": "200",
    },
    "reload puts origins in force without a restart": {
        "reload_exit": "0",
        "reload_pid_same": "yes",
        "reload_origin": "https://app.example.org",
        "reload_active": "active",
    },
    "reload takes over a changed token, which only root can read": {
        "token_first_exit": "0",
        "token_first_codes": "200 401",
        "token_second_exit": "0",
        "token_second_codes": "401 200",
        "token_handed": "600:wad:wad",
        "token_pid_same": "yes",
        "token_left": "0",
    },
    "a bad token, or a file that is gone, changes nothing": {
        "token__exit": "1",
        "token__codes": "200 401",
        "token_refused": "1",
        "token_gone_exit": "0",
        "token_gone_codes": "401 200",
    },
    "a dead page costs the service nothing": {"http_while_crashed": "True", "pid_after_crash_same": "yes"},
    "stop leaves no process": {"stop_result": "success", "stop_processes": "0"},
    "asking a stopped wad starts nothing": {
        "stopped_status_exit": "3",
        "stopped_start_exit": "7",
        "stopped_http_exit": "7",
        "stopped_active": "inactive inactive inactive",
    },
    "the session outlives a stop": {"relinked": "ready", "codes_since": "0"},
    "a wrong setting is said once, and not tried again at every poll": {
        "bad_config_start_exit": "1",
        "bad_config_exit": "78",
        "bad_config_http_exit": "7",
        "bad_config_restarts": "0",
        "bad_config_active": "failed",
        "bad_config_line": "1",
    },
    "once it is mended, start suffices": {"mended": "ready"},
}


@pytest.mark.parametrize("promise", PROMISES)
def test_service_keeps_its_promises(life, promise):
    """Whatever is promised of the service holds on a booted machine."""
    expected = PROMISES[promise]

    assert expected == {name: life.get(name) for name in expected}


@pytest.mark.parametrize("unit", ["first", "account"])
def test_units_are_confined(life, unit):
    """The units' exposure, as systemd rates it, is at most 2.2; lower is better."""
    assert float(life[f"security_{unit}"]) <= 2.2
