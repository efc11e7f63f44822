"""Messages over HTTP: routes made from the table of operations, and the stream of events.

`wad.web.app` puts them into its table. Nothing here decides about a message: `wad.messages` does.
"""
