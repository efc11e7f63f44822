"""The bodies for monitors: health, liveness and readiness."""

from wad.core.reasons import State
from wad.web.openapi.shapes import (
    COUNT,
    FLAG,
    NO,
    TEXT,
    TIME,
    YES,
    Schema,
    about,
    constant,
    nullable,
    record,
    ref,
    words,
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
HEALTH = record(
    {
        "status": words(["ok", "degraded"], "`ok` exactly when WhatsApp is ready"),
        "message": _SENTENCE,
        "timestamp": TIME,
        "uptime": {"type": "number", "minimum": 0, "description": "seconds since the daemon's start"},
        "server": record({"ready": YES, "version": TEXT, "environment": words(["production", "sandbox"])}),
        "whatsapp": WHATSAPP,
        "browser": record({"running": FLAG, "version": nullable(TEXT), "restarts": COUNT}),
        "database": about(record({}), "there is none; for the sake of older frontends"),
        "authRequired": about(YES, "secrets were left out: the token is wanted"),
    },
    optional=("authRequired",),
)
HEALTH_FAILED = record(
    {
        "status": constant("degraded"),
        "message": _SENTENCE,
        "whatsapp": record({"ready": NO, "accountInfo": {"type": "null"}}),
    },
    description="What is left of it when it cannot be told: still with 200",
)

HEALTH_SCHEMAS: dict[str, Schema] = {
    "Health": HEALTH,
    "HealthFailed": HEALTH_FAILED,
    "Alive": record({"success": YES, "status": constant("alive")}),
    "Ready": record({"success": YES, "status": constant(State.READY)}),
}
