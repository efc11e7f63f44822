"""The link itself: the one holder of its status, the one consumer of events, and the work of each phase.

Whoever tells of the link or commands it imports this room. Of a page it knows the interface alone
(`wad.link.driver`), of the browser nothing but the folder that holds the session. Nobody outside calls the
driver or applies an event: whoever wants a change submits a command.
"""
