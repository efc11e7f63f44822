"""What is to be known before the first request."""

from wad.web.openapi.shapes import Schema

_DESCRIPTION = """\
wad keeps a WhatsApp account linked through WhatsApp Web. This is its HTTP interface.

- **The link never decides about the HTTP status** of `/health`, `/whatsapp/status` and `/whatsapp/account`:
  they answer 200 whatever WhatsApp does.
- **Every error is JSON**, with a stable `code`, a sentence for people and the request's id.
  An answer's `x-codes` are the codes it may hold; later versions may have further ones.
  A method that an address does not take is answered with 405, `method_not_allowed` and the header `Allow`,
  an address that is none with 404 and `not_found`, one that is no UTF-8 with 400 and `bad_request`.
- HEAD goes wherever GET goes, with the same status and headers and without a body.
  OPTIONS is answered with 204 and the header `Allow`, and is a browser's preflight, which needs no token.
  A trailing slash is tolerated.
- Whatever lies below `/api/whatsapp/`, but for the code's pictures, is there without `/api`, too.
- A command needs no body unless one is described. One that calls itself JSON must be JSON.
- **What happens** is numbered: a program keeps the number of the last event it has dealt with, and is told
  of all that came behind it, however long it was away.
- **Commands** are answered at once. What comes of them is seen in the status, or told by Socket.IO.
- On TCP the Host must be one that is served here (421).
  A command from another site's page is refused (403) unless its origin is allowed.
- Where a token is configured, send `Authorization: Bearer …`; never put it into an address.

**Live events** come by Socket.IO (protocol 3 and 4, Engine.IO 4) at `socket.io/`, beside this document:
`wa:state` with the status and without `qrCode`, on connecting and at every change; `wa:qr` with the code's
data URL; `wa:pairing-code` with `code` and `expiresAt`; `wa:event` with each Event, `wa:message` and
`wa:ack`. The token goes along as `auth: {token, after}`, where `after` is the last event's number.

Behind the shipped nginx site nginx answers for a daemon that is down, in the same shape
(`daemon_unavailable`), limits how fast commands may follow each other (429), and serves no `/metrics`.

Not described, because they are for people: the page at `/`, this description for trying out at `/docs`.
"""

INFO: Schema = {
    "title": "wad",
    "summary": "A WhatsApp account, linked and kept so",
    "description": _DESCRIPTION,
    "license": {"name": "MIT", "identifier": "MIT"},
}
