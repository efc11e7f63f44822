"""`wadctl top`: the link, how it came to where it is, messages, and what wad and its browser take, live.

`feed` hears what wad tells, `view` draws it (a pure function), `terminal` is the machine's side; `show` puts
them together.
"""
