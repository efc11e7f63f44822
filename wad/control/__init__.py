"""The control socket: the front end for operators on the machine itself; see docs/control.md.

`wad.control.protocol` is the language, `verbs` the table, `answers` what each verb does, `connection` and
`server` the sockets. The file's mode decides who may come in; whoever may, may do everything.

Only the composition root imports it. Nothing here knows HTTP, the driver or the browser.
"""

from wad.control.server import ControlServer

__all__ = ["ControlServer"]
