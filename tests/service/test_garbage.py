"""Python's garbage collector over a start."""

import gc
import weakref

from wad.service import garbage


class Knot:
    """An object that only the collector can free."""

    def __init__(self):
        self.itself = self


def test_held_and_resumed():
    """Nothing is collected by itself meanwhile; then what was left is, and what stays is looked at no more."""
    before = gc.get_freeze_count()
    garbage.hold()
    try:
        was = gc.isenabled()
        knot = weakref.ref(Knot())
        made = knot() is not None
    finally:
        garbage.resume()
    frozen = gc.get_freeze_count()
    gc.unfreeze()

    assert not was
    assert made
    assert knot() is None
    assert gc.isenabled()
    assert frozen > before
