"""Who holds a connection: a bound on all, and on one address; and who has to make room for a newcomer.

Theory of operation. A connection costs a descriptor, and descriptors run out for the browser and the control
socket, too. So there is a bound on all connections, and one address gets at most three quarters of them. At a
bound a newcomer takes the slot of a connection that *waits for its client*: for a head or a body that does
not come, or for an answer to be read. Whoever opens many and does nothing with them thus loses his own first,
and a client with something to ask always gets in. A connection that is being answered, or carries a websocket
that reads, is never taken away.

A proxy's connections are its clients', of whom each is counted where it counts (`wad.web.gateway.handler`),
and it knows nothing of connections that are taken away while it uses them: its idle ones stay.
"""

from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from wad.core.values import dataclass
from wad.web.connections.stream import ClientStream

# A household or a single machine commonly has as many addresses of IPv6.
_PREFIX_OF_ONE = 64


@dataclass(slots=True)
class Slot:
    """One connection. `peer` is its address, None for a proxy's; `waits` while its client owes a request."""

    stream: ClientStream
    peer: str | None
    waits: bool = True

    @property
    def deaf(self) -> bool:
        """Whether what is written to the client is more than the kernel takes for it."""
        return self.stream.writing()

    @property
    def waits_for_client(self) -> bool:
        """Whether it could be taken away: nothing is being done for the client."""
        return self.deaf or (self.waits and self.peer is not None)


class Slots:
    """All connections: at most `most`, and of one address three quarters of that."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.most_of_one = max(1, most * 3 // 4)
        self._slots: dict[ClientStream, Slot] = {}
        self._of_peer: Counter[str | None] = Counter()

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def full(self) -> bool:
        """Whether there is no slot for anybody, and none that could be taken away."""
        return len(self._slots) >= self.most and self._victim(self._slots.values()) is None

    def of(self, stream: ClientStream) -> Slot:
        """Give the slot of a stream; of one that is closed already, one that counts nowhere."""
        return self._slots.get(stream) or Slot(stream, None)

    def streams(self) -> tuple[ClientStream, ...]:
        """Give all connections, the oldest first."""
        return tuple(self._slots)

    def admit(self, stream: ClientStream, peer: str | None) -> bool:
        """Give a slot to a newcomer, if need be another's; False if there is none for that address."""
        if peer is not None and self._of_peer[peer] >= self.most_of_one:
            his = [slot for slot in self._slots.values() if slot.peer == peer]
            if not self._make_room(his):
                return False
        if len(self._slots) >= self.most and not self._make_room(self._slots.values()):
            return False
        self._slots[stream] = Slot(stream, peer)
        self._of_peer[peer] += 1
        return True

    def leave(self, stream: ClientStream) -> None:
        """Forget a connection that is closed; harmless for one that was never let in."""
        slot = self._slots.pop(stream, None)
        if slot is not None:
            self._of_peer.subtract([slot.peer])
            self._of_peer = +self._of_peer  # without those who hold none any more

    def _make_room(self, slots: Iterable[Slot]) -> bool:
        """Close one of these connections; False if none of them waits for its client."""
        victim = self._victim(slots)
        if victim is not None:
            victim.stream.close()
        return victim is not None

    def _victim(self, slots: Iterable[Slot]) -> Slot | None:
        """Give, of those who hold most, one that does not read, else one that owes a request; the oldest."""
        waiting = (slot for slot in slots if slot.waits_for_client)
        return max(waiting, key=lambda slot: (self._of_peer[slot.peer], slot.deaf), default=None)


def peer_of(address: object, *, proxy: bool) -> str | None:
    """Give what counts as one address: that of IPv4, or the network of IPv6; None for a proxy.

    `address` is what the kernel says of the peer: host first for TCP, a text for a Unix socket, whose
    clients count as one proxy's.
    """
    if proxy or not isinstance(address, tuple):
        return None
    found = ip_address(str(address[0]).partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(found if isinstance(found, IPv4Address) else ip_network((found, _PREFIX_OF_ONE), strict=False))
