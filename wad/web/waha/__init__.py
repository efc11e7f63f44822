"""WAHA's dialect over HTTP: a front end of its own, so that clients written for WAHA work with another URL.

Each operation is a row of a table: a path, a method, and what it is in wad's own operations; what wad does
not have is a row, too, and is answered with 501. `wad.frontends` imports the routes.
Shapes are in `wad.waha`.
"""
