"""Listening sockets: taken, refused, given back."""

import os
import socket
import stat
from pathlib import Path

import pytest

from wad.config import TcpAddress, UnixAddress
from wad.service.listen import ListenError, open_sockets


@pytest.fixture
def opened():
    """Give the function that opens sockets; they are closed behind the test."""
    held = []

    def open_them(*addresses):
        made = open_sockets(addresses)
        held.extend(made)
        return made

    yield open_them
    for each in held:
        each.close()


def fds():
    """Give this process' open fds."""
    return {int(entry.name) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}


def reached(address, family=socket.AF_INET):
    """Whether somebody answers there."""
    with socket.socket(family) as client:
        client.settimeout(5)
        return client.connect_ex(address) == 0


def test_tcp(opened):
    """A port on loopback is listened on, and children do not inherit it."""
    (made,) = opened(TcpAddress("127.0.0.1", 0))

    assert reached(made.getsockname())
    assert not made.get_inheritable()


def test_tcp6(opened):
    """IPv6 is another socket, which leaves IPv4 alone."""
    (made,) = opened(TcpAddress("::1", 0))
    port = made.getsockname()[1]

    assert reached(("::1", port), socket.AF_INET6)
    opened(TcpAddress("127.0.0.1", port))


def test_a_port_that_is_taken(opened):
    """The message names the address, and what was opened before it is closed again."""
    (made,) = opened(TcpAddress("127.0.0.1", 0))
    before = fds()
    with pytest.raises(ListenError, match=r"cannot listen on 127\.0\.0\.1:\d+: Address already in use"):
        open_sockets([TcpAddress("127.0.0.1", 0), TcpAddress("127.0.0.1", made.getsockname()[1])])

    assert before == fds()


def test_unix(opened, tmp_path):
    """A Unix socket is for its user and group."""
    path = tmp_path / "http.sock"
    (made,) = opened(UnixAddress(path))

    assert reached(str(path), socket.AF_UNIX)
    assert 0o660 == stat.S_IMODE(path.stat().st_mode)
    assert not made.get_inheritable()


def test_a_living_socket_is_not_taken_over(opened, tmp_path):
    """Whoever holds it keeps it."""
    path = tmp_path / "http.sock"
    opened(UnixAddress(path))
    before = fds()
    with pytest.raises(ListenError, match=r"http\.sock"):
        open_sockets([UnixAddress(path)])

    assert before == fds()
    assert reached(str(path), socket.AF_UNIX)


def test_a_dead_socket_is(opened, tmp_path):
    """A socket whose holder is gone does not keep anybody from its place."""
    path = tmp_path / "http.sock"
    (first,) = opened(UnixAddress(path))
    first.close()
    first.close()
    opened(UnixAddress(path))

    assert reached(str(path), socket.AF_UNIX)


@pytest.mark.parametrize("kind", ["file", "folder", "link to a file"])
def test_something_else_is_in_the_place(kind, tmp_path):
    """What is no socket is never deleted."""
    path = tmp_path / "http.sock"
    if kind == "folder":
        path.mkdir()
    else:
        (tmp_path / "file").write_text("precious")
        path.symlink_to(tmp_path / "file") if kind != "file" else path.write_text("precious")
    before = fds()
    with pytest.raises(ListenError, match="something else"):
        open_sockets([UnixAddress(path)])

    assert os.path.lexists(path)
    assert before == fds()


@pytest.mark.parametrize("path", ["missing/http.sock", "x" * 120])
def test_a_path_that_cannot_be(path, tmp_path):
    """A folder that is not there, and a name too long for a socket, are told."""
    before = fds()
    with pytest.raises(ListenError, match="cannot listen on"):
        open_sockets([UnixAddress(tmp_path / path)])

    assert before == fds()


def test_an_accepted_connection_is_a_plain_one(opened, tmp_path):
    """Closing a connection does not give the listener's place away."""
    path = tmp_path / "http.sock"
    (made,) = opened(UnixAddress(path))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        connection, _ = made.accept()
        connection.close()
    with pytest.raises(ListenError):
        open_sockets([UnixAddress(path)])
