"""`wadctl top`: the link, how it came to where it is, and what wad and its browser take, live on a terminal.

`feed` hears what wad tells, `view` draws it (a pure function), `terminal` is the machine's side; `show` puts
them together.
"""
