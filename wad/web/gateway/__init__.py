"""Socket.IO: clients are told the present when they come, and every change from then on.

`server` is the way in, and the one module that knows python-socketio. Clients only listen here; commands
are HTTP's.
"""
