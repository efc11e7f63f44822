"""Python's garbage collector, which is off while the daemon starts.

A start makes some ninety thousand objects, of which most stay. Looking through them again and again takes up
to a tenth of it, and finds no more than a single look. Those that stay are then set aside (`gc.freeze`):
no later look goes through them.
"""

import gc


def hold() -> None:
    """Collect nothing until `resume`."""
    gc.disable()


def resume() -> None:
    """Collect what the start left, set aside what stays, and collect by itself from now on."""
    gc.collect()
    gc.freeze()
    gc.enable()
