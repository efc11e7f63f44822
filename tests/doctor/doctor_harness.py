"""Machines that are sick in one place each: folders, programs and servers that a test puts together."""

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from wad.config import load
from wad.doctor.case import Case, Told
from wad.doctor.machine import Machine
from wad.doctor.units import Unit

NOBODY = 65534
STATUS = {
    "success": True,
    "currentState": "ready",
    "phase": "linked",
    "reason": None,
    "since": "2026-11-23T05:10:00.123Z",
    "isReady": True,
    "sandbox": False,
}
HEALTH = (
    '{"status": "ok", "uptime": 3600, "server": {"ready": true}, "whatsapp": {"reconnectAttempts": 0},'
    ' "browser": {"running": true, "version": "156.0", "restarts": 0}}'
)


def make_case(
    folder: Path,
    toml: str = "",
    *,
    machine: Machine | None = None,
    told: Told | None = None,
    unit: Unit | None = None,
    env: Mapping[str, str] | None = None,
) -> Case:
    """Give a case whose state directory is in `folder`, with a configuration of these lines."""
    file = folder / "wad.toml"
    file.write_text(f'[state]\ndirectory = "{folder}/state"\n{toml}')
    return Case(
        machine=machine or make_machine(folder),
        socket=folder / "control.sock",
        unit=unit,
        told=told or Told(STATUS, "0.1.0"),
        config=load(file=file),
        env=env or {},
    )


def make_machine(folder: Path, **parts: Any) -> Machine:
    """Give a machine whose programs are those in ``folder/bin`` alone, and whose /etc/nginx is in `folder`."""
    bin_ = folder / "bin"
    bin_.mkdir(exist_ok=True)
    made = Machine(env={"PATH": str(bin_)}, nginx=folder / "nginx", systemd=folder, etc=folder / "etc")
    return replace(made, **parts)


def put_program(folder: Path, name: str, script: str) -> Path:
    """Put a shell script into ``folder/bin``."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def put(path: Path, text: str = "") -> Path:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@contextmanager
def as_nobody() -> Iterator[None]:
    """Act as a user without rights; a test that runs as such a one already stays who it is."""
    if os.geteuid() != 0:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


Reply = Callable[[str], bytes]


class Server:
    """Answers each connection with what `reply` makes of its first lines, in a thread; counts connections."""

    def __init__(self, listening: socket.socket, reply: Reply, tls: ssl.SSLContext | None = None) -> None:
        self.accepted = 0
        self._listening, self._reply, self._tls = listening, reply, tls
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.accepted += 1
                with suppress(OSError):
                    self._answer(connection)

    def _answer(self, plain: socket.socket) -> None:
        with plain:
            if self._tls is None:
                plain.sendall(self._reply(plain.recv(65536).decode("latin-1")))
                return
            with self._tls.wrap_socket(plain, server_side=True) as connection:
                connection.sendall(self._reply(connection.recv(65536).decode()))


def on_tcp(reply: Reply, tls: ssl.SSLContext | None = None) -> Server:
    """Give a server on a port of loopback."""
    return Server(socket.create_server(("127.0.0.1", 0)), reply, tls)


def on_unix(path: Path, reply: Reply) -> Server:
    """Give a server on a Unix socket."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()
    return Server(listening, reply)


def http(*headers: str, status: str = "200 OK", body: str = HEALTH) -> Reply:
    """Give the reply that is always this answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", body]
    return lambda _: "\r\n".join(lines).encode()


def make_certificate(folder: Path, *, expired: bool = False) -> tuple[ssl.SSLContext, Path]:
    """Give a server's context with a certificate for localhost that nobody else signed, and its file."""
    made, key = folder / "cert.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", made], check=True, capture_output=True)
    if expired:
        again = ["openssl", "x509", "-in", made, "-signkey", key, "-days", "-1", "-out", made]
        subprocess.run(again, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context, made


def lines(findings: Any) -> list[str]:
    """Give findings as ``verdict: what is said``."""
    return [f"{found.verdict}: {found.said}" for found in findings]


def the(findings: Any) -> Any:
    """Give the one finding."""
    (found,) = findings
    return found
