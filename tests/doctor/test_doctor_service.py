"""systemd's view, by programs that answer as systemctl and journalctl do; and that nothing is started."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from doctor_harness import STATUS, make_case, make_machine, on_unix, put_program, the

from wad.config import UnixAddress
from wad.doctor.case import Told, WouldStartError, examine
from wad.doctor.daemon import check_daemon, check_socket
from wad.doctor.machine import Host
from wad.doctor.service import check_journal, check_unit
from wad.doctor.table import CHECKS, diagnose
from wad.doctor.units import Unit, find

ACTIVE = {"ActiveState": "active", "StatusText": "qr: a code waits", "NRestarts": "0", "MainPID": "0"}


def systemctl(folder, facts, socket, unit="wad.service"):
    """Put a systemctl that knows this unit and its two sockets."""
    shown = "\n".join(f"{name}={value}" for name, value in facts.items())
    rows = f"{socket} wad.socket {unit}\n{folder}/http.sock wad-http.socket {unit}\n/run/x x.socket x.service"
    put_program(
        folder,
        "systemctl",
        f"case $1 in list-sockets) echo '{rows}';; show) echo '{shown}';; *) exit 1;; esac",
    )
    return make_machine(folder)


UNITS = [
    (ACTIVE, "ok", "wad.service is active: qr: a code waits", ""),
    ({**ACTIVE, "NRestarts": "1"}, "warn", "restarted it once", "journalctl"),
    ({**ACTIVE, "NRestarts": "3"}, "warn", "restarted it 3 times", "journalctl"),
    ({"ActiveState": "inactive"}, "fail", "is stopped", "systemctl start wad.service"),
    (
        {"ActiveState": "failed", "Result": "exit-code"},
        "fail",
        "failed (exit-code)",
        "reset-failed wad.service wad.socket wad-http.socket",
    ),
    ({"ActiveState": "failed", "Result": "start-limit-hit"}, "fail", "too often", "reset-failed wad.service"),
    ({"ActiveState": "failed", "ExecMainStatus": "78"}, "fail", "configuration is wrong", "Mend it"),
    ({"LoadState": "not-found"}, "fail", "there is no wad.service", "Install"),
]


@pytest.mark.parametrize(("facts", "verdict", "said", "action"), UNITS)
def test_unit(folder, facts, verdict, said, action):
    """Each way a unit can be is told, with the command that mends it."""
    machine = systemctl(folder, facts, folder / "control.sock")
    found = the(check_unit(make_case(folder, unit=find(machine, folder / "control.sock"))))

    assert verdict == found.verdict
    assert said in found.said
    assert action in (found.action or "")


def test_activating(folder):
    """A service that systemd is starting need not be started by hand."""
    machine = systemctl(folder, {"ActiveState": "activating"}, folder / "control.sock")
    found = the(check_daemon(examine(folder / "control.sock", machine)))

    assert ("fail", "wad is not running: systemd is starting it") == (found.verdict, found.said)
    assert "journalctl -u wad.service" in found.action


def test_failed_service_whose_socket_is_gone(folder):
    """A service that failed has taken its socket away; it is the service that is spoken of."""
    socket = Path("/run/wad-doctors-test/control.sock")
    put_program(
        folder, "systemctl", "[ $1 = list-sockets ] || printf 'ActiveState=failed\\nResult=exit-code\\n'"
    )
    case = examine(socket, make_machine(folder))

    assert "wad@doctors-test.service failed (exit-code)" == the(check_unit(case)).said
    assert "Start it: systemctl start wad@doctors-test." in the(check_socket(case)).action
    assert "wad@doctors-test.socket wad-http@doctors-test.socket &&" in the(check_unit(case)).action


def test_no_systemd(folder):
    """A wad run by hand has no unit, and neither has any where systemd does not run."""
    by_hand = the(check_unit(make_case(folder)))
    machine = make_machine(folder, systemd=folder / "none")
    not_booted = the(check_unit(make_case(folder, unit=find(machine, folder / "control.sock"))))

    assert ("skipped", "skipped") == (by_hand.verdict, not_booted.verdict)


def test_silent_systemd(folder):
    """A systemctl that fails is told as such."""
    put_program(folder, "systemctl", "exit 1")
    unit = Unit("wad.service", booted=True)

    assert "skipped" == the(check_unit(make_case(folder, unit=unit))).verdict
    assert unit.holds(folder / "control.sock"), "unsure, systemd is thought to listen"


def test_addresses(folder):
    """HTTP is asked for where systemd listens for wad, and nowhere else."""
    unit = find(systemctl(folder, ACTIVE, folder / "control.sock"), folder / "control.sock")

    assert (UnixAddress(folder / "http.sock"),) == unit.addresses()


def test_instance(folder):
    """An account has its own file and folder."""
    machine = systemctl(folder, {"ActiveState": "inactive"}, folder / "control.sock", "wad@shop.service")
    file = folder / "etc" / "shop.toml"
    file.parent.mkdir()
    file.write_text("[log]\nlevel = 'debug'\n")
    case = examine(folder / "control.sock", machine)

    assert ("shop", "debug", "/var/lib/wad-shop") == (
        case.unit.instance,
        case.config.log.level,
        str(case.config.state_dir),
    )


def test_settings_of_the_unit(folder):
    """What a drop-in of the unit sets is in force."""
    facts = {"ActiveState": "inactive", "Environment": "WAD_LOG_LEVEL=warning LANG=C"}
    case = examine(folder / "control.sock", systemctl(folder, facts, folder / "control.sock"))

    assert "warning" == case.config.log.level


def test_starts_nothing(folder):
    """A daemon that is stopped, and whose sockets systemd holds, is not started by any check."""
    path = folder / "control.sock"
    machine = replace(
        systemctl(folder, {"ActiveState": "inactive"}, path), hosts=(Host("web.invalid", vital=True),)
    )
    with on_unix(path, lambda _: b"{}\n") as control, on_unix(folder / "http.sock", lambda _: b"") as http:
        found = list(diagnose(path, machine))
        case = examine(path, machine)
        accepted = control.accepted, http.accepted

    assert (0, 0) == accepted
    assert isinstance(case.told.error, WouldStartError)
    assert "wad is not running" in [each.said for _, each in found]
    assert [check.name for check in CHECKS] == list(dict.fromkeys(name for name, _ in found))


def journal(folder, *entries):
    """Check a journal with these entries."""
    text = "\n".join(json.dumps(entry) for entry in entries)
    put_program(folder, "journalctl", f"echo '{text}'" if entries else "exit 0")
    return the(check_journal(make_case(folder, unit=Unit("wad.service", booted=True))))


SECRET = "2@Jq0mT8cB7XyZ1s4vWk9uLrAeHfGdPnC3oIiKj5t6Nb2Vx"
JOURNALS = [
    ([{"WAD_EVENT": "wad_ready", "PRIORITY": "6"}], "ok", "no failure in the last 1"),
    (
        [{"WAD_REASON": "browser_missing"}, {"PRIORITY": "6"}],
        "warn",
        "last reason: browser_missing, no Chromium was found",
    ),
    ([{"WAD_REASON": "stopped"}], "ok", "no failure"),
    ([{"WAD_EVENT": "browser_killed", "PRIORITY": "4"}], "warn", "last trouble: browser_killed"),
    ([{"MESSAGE": SECRET, "WAD_EVENT": SECRET, "PRIORITY": "3"}], "warn", "not wad's own"),
]


@pytest.mark.parametrize(("entries", "verdict", "said"), JOURNALS)
def test_journal(folder, entries, verdict, said):
    """The last failure is told in wad's own words, and nothing else of the journal is."""
    found = journal(folder, *entries)

    assert verdict == found.verdict
    assert said in found.said
    assert SECRET not in f"{found.said}{found.action}"


def test_failure_of_yesterday(folder):
    """A failure has its age, and one that is over asks for nothing."""
    entry = {
        "WAD_REASON": "network_unreachable",
        "__REALTIME_TIMESTAMP": str(int((time.time() - 90000) * 1e6)),
    }
    over = journal(folder, entry)
    status = STATUS | {"reason": "network_unreachable"}
    lasts = the(check_journal(make_case(folder, unit=Unit("wad.service", booted=True), told=Told(status))))

    assert over.said.startswith("last reason 1 d ago: network_unreachable")
    assert over.action.startswith("It is over")
    assert lasts.action.startswith("Check this machine's network")


def test_closed_journal(folder):
    """An empty journal is one the caller may not read."""
    found = journal(folder)

    assert "skipped" == found.verdict
    assert "systemd-journal" in found.action
