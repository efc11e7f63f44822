"""Receives a webhook's events: webhook.py [PORT], with its secret in WAD_WEBHOOK_SECRET.

Needs: pip install standardwebhooks
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WAD_WEBHOOK_SECRET"])
known = set()  # a real one keeps them where it keeps what it does with the events


class Receiver(BaseHTTPRequestHandler):
    """Takes events."""

    def do_POST(self):
        """Take one; 2xx alone means that it need not come again."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_response(401)
        else:
            # An event may come twice, with the same id.
            if event["id"] not in known:
                print(event["type"], event["data"].get("text") or "", flush=True)
            known.add(event["id"])
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Keep still: what is printed is the events."""


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8080), Receiver)
print("listening on", server.server_port, flush=True)
server.serve_forever()
