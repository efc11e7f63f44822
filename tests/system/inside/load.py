"""Ask for the status without pause from several threads until a file is gone; print how the answers were."""

import collections
import http.client
import socket
import sys
import threading
from pathlib import Path

THREADS = 4


class Unix(http.client.HTTPConnection):
    """A connection over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self._path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


def ask(where: str) -> str:
    """Ask once; give the status code, or what went wrong."""
    connection = Unix(where) if where.startswith("/") else http.client.HTTPConnection(where, timeout=30)
    try:
        connection.request("GET", "/whatsapp/status")
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return "lost"
    else:
        return str(answer.status)
    finally:
        connection.close()


def keep_asking(where: str, flag: Path, seen: collections.Counter[str]) -> None:
    """Ask until the flag is gone."""
    while flag.exists():
        seen[ask(where)] += 1


def main() -> None:
    """Load the address given, as long as the file given is there."""
    where, flag = sys.argv[1], Path(sys.argv[2])
    counts = [collections.Counter[str]() for _ in range(THREADS)]
    threads = [threading.Thread(target=keep_asking, args=(where, flag, seen)) for seen in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(counts, collections.Counter[str]())
    sys.stdout.write(" ".join(f"{kind}={count}" for kind, count in sorted(total.items())) + "\n")


if __name__ == "__main__":
    main()
