"""The HTTP front end.

* `routes` names every path with its method and its protection; `app` builds the application from that table.
* `guard` judges who asks, `base_handler` is what all handlers have in common, `handlers` are the answers.
* `pages` serves the page for people, whose files are in ``ui``; `openapi` the description for programs;
  `apidocs` the page to try it out, whose files are in ``docs``.
* `connections` is Tornado's HTTP server with limits, `gateway` is Socket.IO.

Only the composition root imports it. Nothing here knows the control socket, the driver or the browser, and no
handler waits for them.
"""
