"""The log: its forms, the journal's protocol, and the thread that writes, so that nobody waits for a reader.

`wad.log.setup` is for whoever starts or reloads the daemon; all others call structlog and import nothing
from here. No line holds a code, a token, a number or a text.
"""
