"""The way to WhatsApp, with real names, sockets and certificates of this machine's own."""

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from doctor_harness import STATUS, http, make_case, make_certificate, make_machine, on_tcp, the
from free_ports import free_port

from wad.doctor import network
from wad.doctor.case import Told
from wad.doctor.machine import Host
from wad.doctor.network import check_clock, check_hosts


def case_for(folder, *hosts, **others):
    """Give a case whose WhatsApp is these hosts."""
    return make_case(folder, machine=make_machine(folder, hosts=hosts), **others)


def test_no_name(folder):
    """A name that cannot be resolved points to the resolver; for a host that is not vital it is a warning."""
    hosts = Host("web.whatsapp.invalid", vital=True), Host("mmg.whatsapp.invalid")
    found = list(check_hosts(case_for(folder, *hosts)))

    assert ["fail", "warn"] == [each.verdict for each in found]
    assert all("cannot be resolved" in each.said for each in found)
    assert "Check the network and /etc/resolv.conf: getent hosts web.whatsapp.invalid" == found[0].action


def test_refused(folder):
    """A host that refuses points to firewalls and filters."""
    found = the(check_hosts(case_for(folder, Host("localhost", free_port(), vital=True))))

    assert ("fail", "localhost: Connection refused") == (found.verdict, found.said)
    assert "firewall" in found.action


def test_silent(folder, monkeypatch):
    """A host whose packets are dropped is given up on."""
    monkeypatch.setattr(network, "NETWORK", 0.3)
    others = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as listening:  # it accepts, and says nothing
        found = the(check_hosts(case_for(folder, Host("localhost", listening.getsockname()[1], vital=True))))
        # Who was given up on still tries; refused only now, its TLS socket would be left to the collector.
        for each in set(threading.enumerate()) - others:
            each.join()

    assert "fail" == found.verdict
    assert "no answer within" in found.said


def test_interception(folder):
    """A certificate signed by nobody is a proxy that opens the connection."""
    tls, _ = make_certificate(folder)
    with on_tcp(http(), tls) as server:
        case = case_for(folder, Host("localhost", server.port, vital=True))
        found, clock = the(check_hosts(case)), the(check_clock(case))

    assert ("fail", "skipped") == (found.verdict, clock.verdict)
    assert "localhost: its certificate is refused (self-signed certificate)" == found.said
    assert "A proxy or filter opens the connection" in found.action


def test_no_tls(folder):
    """Something that speaks no TLS answers in the host's place."""
    with on_tcp(http()) as server:
        found = the(check_hosts(case_for(folder, Host("localhost", server.port, vital=True))))

    assert "fail" == found.verdict
    assert "answers in its place" in found.action


@pytest.mark.parametrize(("off", "verdict"), [(0, "ok"), (-3600, "fail"), (3600, "fail")])
def test_reached(folder, monkeypatch, off, verdict):
    """A host with a certificate of its own is reached; its Date tells whether the clock is off."""
    tls, certificate = make_certificate(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True)
    with on_tcp(http(f"Date: {date}"), tls) as server:
        case = case_for(folder, Host("localhost", server.port, vital=True))
        found, clock = the(check_hosts(case)), the(check_clock(case))

    assert ("ok", verdict) == (found.verdict, clock.verdict)
    assert verdict == "ok" or "timedatectl set-ntp true" in clock.action


def test_expired(folder, monkeypatch):
    """A certificate that is over by our clock makes the clock suspect."""
    tls, certificate = make_certificate(folder, expired=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with on_tcp(http(), tls) as server:
        case = case_for(folder, Host("localhost", server.port, vital=True))
        found, clock = the(check_hosts(case)), the(check_clock(case))

    assert ("fail", "warn") == (found.verdict, clock.verdict)
    assert "Check the clock first" in found.action
    assert "timedatectl" in clock.action


def test_no_date(folder):
    """Without a network there is no time to compare with."""
    assert "skipped" == the(check_clock(case_for(folder, Host("localhost", free_port(), vital=True)))).verdict


@pytest.mark.parametrize("check", [check_hosts, check_clock])
def test_not_tried(folder, check):
    """The sandbox needs no network, and a proxy's way is not this machine's."""
    sandbox = the(check(case_for(folder, told=Told(STATUS | {"sandbox": True}, "0.1.0"))))
    proxy = the(check(case_for(folder, env={"https_proxy": "http://u:secret@proxy"})))
    arguments = '[browser]\narguments = ["--proxy-server=http://127.0.0.1:3128"]\n'
    argument = the(check(make_case(folder, arguments)))

    assert ["skipped"] * 3 == [sandbox.verdict, proxy.verdict, argument.verdict]
    assert "secret" not in proxy.said
