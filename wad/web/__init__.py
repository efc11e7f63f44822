"""The HTTP front door.

* `routes` names every path with its method and its protection; `app` builds the application from that table.
* `guard` judges who asks, `door` is what all handlers have in common, `handlers` are the doors themselves.
* `pages` serves the page for people, whose files are in ``ui``.
* `server` is Tornado's HTTP server with limits on time.
"""
