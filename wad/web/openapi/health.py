"""The bodies for monitors: health, liveness and readiness."""

from wad.core.reasons import State
from wad.web.openapi.shapes import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    YES,
    Schema,
    about,
    constant,
    nullable,
    record,
    ref,
)

_STATE = ref("schemas", "State")
_ACCOUNT = nullable(ref("schemas", "AccountInfo"))
_SENTENCE = about(TEXT, "for people")

WHATSAPP = record(
    {
        "ready": about(FLAG, "linked and in step"),
        "connected": FLAG,
        "authenticated": about(FLAG, "an account is linked, whether or not it can be reached now"),
        "status": _STATE,
        "reason": nullable(ref("schemas", "Reason")),
        "reconnectAttempts": about(COUNT, "failures since the link was last steady"),
        "accountInfo": _ACCOUNT,
    }
)
# False and null only from nginx, in the place of a daemon that is down.
_ENVIRONMENT = about({"type": "string", "pattern": "^(production|sandbox)$"}, "`production` or `sandbox`")
SERVER = record({"ready": FLAG, "version": nullable(TEXT), "environment": _ENVIRONMENT})
BROWSER = record({"running": FLAG, "version": nullable(TEXT), "restarts": COUNT})
HEALTH = record(
    {
        "status": about(
            {"type": "string", "pattern": "^(ok|degraded)$"}, "`ok` exactly when WhatsApp is ready"
        ),
        "message": _SENTENCE,
        "timestamp": TIME,
        "uptime": {"type": "number", "minimum": 0, "description": "seconds since the daemon's start"},
        "server": ref("schemas", "HealthServer"),
        "whatsapp": ref("schemas", "HealthWhatsApp"),
        "browser": ref("schemas", "HealthBrowser"),
        "database": about(record({}), "there is none; for the sake of older frontends"),
        "authRequired": about(YES, "secrets were left out: the token is wanted"),
    },
    optional=("authRequired",),
    description="The daemon, its browser and its link; nothing is ready after a failure inside wad",
)

HEALTH_SCHEMAS: dict[str, Schema] = {
    "Health": HEALTH,
    "HealthServer": SERVER,
    "HealthWhatsApp": WHATSAPP,
    "HealthBrowser": BROWSER,
    "Alive": record({"success": YES, "status": constant("alive")}),
    "Ready": record({"success": YES, "status": constant(State.READY)}),
}
