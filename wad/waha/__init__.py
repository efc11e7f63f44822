"""WAHA's dialect as data: how its documents say what wad's say.

The HTTP front end and the webhooks import it; it knows the core alone. Nothing here asks, waits or keeps
anything. The shapes are those of WAHA's own description of its interface, as of the middle of 2026.
"""
