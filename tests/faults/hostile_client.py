"""A client that means harm, with nothing but the standard library: it runs on a booted machine, too.

As a program: ``hostile_client.py ADDRESS`` with HOST:PORT or the path of a Unix socket does both attacks
below, and prints what came of them, a word and a value to a line.
"""

import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 20.0
# Each leaves it open where the body ends; what follows would be the body for one reader, and a second request
# for another, which this one marks by its address.
SECOND = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEADS = {
    "chunk of -1": ("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
    "chunk of +5": ("Transfer-Encoding: chunked\r\n", f"+5\r\nabcde\r\n0\r\n\r\n{SECOND}"),
    "chunk of 0x5": ("Transfer-Encoding: chunked\r\n", f"0x5\r\nabcde\r\n0\r\n\r\n{SECOND}"),
    "chunk of 1_0": ("Transfer-Encoding: chunked\r\n", f"1_0\r\n{'a' * 16}\r\n0\r\n\r\n{SECOND}"),
    "length of -5": ("Content-Length: -5\r\n", SECOND),
    "length of +5": ("Content-Length: +5\r\n", f"abcde{SECOND}"),
    "length of 1_0": ("Content-Length: 1_0\r\n", f"{'a' * 10}{SECOND}"),
    "two lengths": ("Content-Length: 5\r\nContent-Length: 0\r\n", f"abcde{SECOND}"),
    "length and chunks": ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", f"0\r\n\r\n{SECOND}"),
    "xchunked": ("Transfer-Encoding: xchunked\r\n", SECOND),
    "chunked twice": ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", f"0\r\n\r\n{SECOND}"),
    "folded encoding": ("Transfer-Encoding:\r\n chunked\r\n", f"0\r\n\r\n{SECOND}"),
    "folded length": ("Content-Length:\r\n 5\r\n", f"abcde{SECOND}"),
    "blank before the colon": ("Content-Length : 5\r\n", f"abcde{SECOND}"),
}
# RFC 6455: a final frame of type ping with 125 bytes, masked with zeros; an empty continuation.
PING = b"\x89\xfd\0\0\0\0" + b"x" * 125
BEGIN = b"\x01\x80\0\0\0\0"
CONTINUATION = b"\x00\x80\0\0\0\0"
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def dial(address: str) -> socket.socket:
    """Connect."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)


def read_on(connection: socket.socket) -> bytes:
    """Give all that comes until the other side closes, or is silent for too long."""
    pieces = []
    with suppress(ConnectionError, TimeoutError):
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def ask(address: str, path: str = "/livez") -> tuple[int, float]:
    """Ask for something over a new connection; give the status code and the seconds it took."""
    began = time.monotonic()
    with dial(address) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = read_on(connection)
    return int(answer.split(None, 2)[1]), time.monotonic() - began


def send_head(address: str, name: str) -> bytes:
    """Send one of the heads to an address that takes no such request, and give all that is answered."""
    head, rest = HEADS[name]
    with dial(address) as connection:
        connection.sendall(f"POST /nowhere HTTP/1.1\r\nHost: localhost\r\n{head}\r\n{rest}".encode())
        return read_on(connection)


def second_was_answered(answer: bytes) -> bool:
    """Tell whether what followed the head was taken for a request."""
    return answer.count(b"HTTP/1.1 ") > 1


def flood(address: str, frame: bytes, first: bytes = b"", *, most: int = 64 << 20) -> int:
    """Upgrade, then send a frame again and again and never read; give how many bytes were taken.

    Ends when the other side closes, or has taken no more for some seconds, or has taken `most`.
    """
    sent = 0
    with dial(address) as connection:
        connection.sendall(UPGRADE.encode())
        connection.recv(12)
        connection.settimeout(3)
        with suppress(ConnectionError, TimeoutError):
            connection.sendall(first)
            while sent < most:
                sent += connection.send(frame * 500)
    return sent


def flooded(address: str, frame: bytes, first: bytes = b"", crowd: int = 1) -> tuple[int, float]:
    """Flood by a crowd, asking for the status meanwhile; give the bytes taken, and the longest time it took."""
    taken: list[int] = []
    crew = [threading.Thread(target=lambda: taken.append(flood(address, frame, first))) for _ in range(crowd)]
    for each in crew:
        each.start()
    longest = 0.0
    while any(each.is_alive() for each in crew):
        longest = max(longest, ask(address, "/whatsapp/status")[1])
    return sum(taken), max(longest, ask(address, "/whatsapp/status")[1])


def resident(pid: int) -> int:
    """Give a process' resident memory in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Do both attacks."""
    address = sys.argv[1]
    answers = {name: send_head(address, name) for name in HEADS}
    found = {
        "heads_taken": [name for name, answer in answers.items() if answer[9:12] not in {b"400", b"501"}],
        "smuggled": [name for name, answer in answers.items() if second_was_answered(answer)],
        "alive_after_heads": ask(address)[0],
        "pings_taken": flooded(address, PING)[0],
        "alive_after_pings": ask(address)[0],
    }
    for name, value in found.items():
        sys.stdout.write(f"{name} {json.dumps(value)}\n")


if __name__ == "__main__":
    main()
