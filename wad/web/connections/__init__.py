"""HTTP connections: accepting them, bounding their number and their time, and where a request's body ends.

`server` is the way in, for the composition root and the tests; the gateway's websockets know `stream`.
Nothing here knows a route, a handler or the link.
"""
