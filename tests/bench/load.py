"""Asks a server for one thing over and over, over kept connections, one request at a time on each.

Arguments: the port, the path, for how many seconds, over how many connections, the ETag to send or "". Tells as a line of
JSON how many answers of each status came, in how many seconds, and the share of the time in which this process worked.
"""

import json
import select
import socket
import sys
import time
from collections import Counter

port, path, seconds, connections, etag = (
    int(sys.argv[1]),
    sys.argv[2],
    float(sys.argv[3]),
    int(sys.argv[4]),
    sys.argv[5],
)
condition = f"If-None-Match: {etag}\r\n" if etag else ""
request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n{condition}\r\n".encode()


def ending(head: bytes) -> int:
    """Give how long the body behind a head is."""
    if head.startswith(b"HTTP/1.1 304"):
        return 0
    at = head.lower().index(b"content-length:") + len(b"content-length:")
    return int(head[at : head.index(b"\r\n", at)])


def ask() -> tuple[Counter[str], float]:
    """Ask until the time is over; gives the statuses, and how long it took."""
    poll = select.epoll()
    opened: dict[int, tuple[socket.socket, list[bytes]]] = {}
    for _ in range(connections):
        each = socket.create_connection(("127.0.0.1", port))
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened[each.fileno()] = (each, [])
        poll.register(each, select.EPOLLIN)
        each.sendall(request)
    statuses: Counter[str] = Counter()
    begun = time.perf_counter()
    while (now := time.perf_counter()) < begun + seconds:
        for descriptor, _ in poll.poll(1):
            asked, got = opened[descriptor]
            got.append(asked.recv(1 << 16))
            head, end, body = b"".join(got).partition(b"\r\n\r\n")
            if end and len(body) >= ending(head + end):
                statuses[head[9:12].decode()] += 1
                got.clear()
                asked.sendall(request)
    return statuses, now - begun


found, took = ask()
print(json.dumps({"statuses": found, "seconds": took, "busy": time.process_time() / took}))
