#!/bin/sh
# Tells how everything is whenever that changes, until it is ended: watch-health.sh [SECONDS BETWEEN TWO LOOKS].
set -eu
. "$(dirname "$0")/client.sh"

before=
while :; do
    health=$(ask /health --fail)
    # The first "status" of the document is wad's, the second WhatsApp's.
    now=$(printf '%s' "$health" | sed 's/^{"status": "\([a-z]*\)".*"status": "\([a-z]*\)".*/\1 \2/')
    [ "$now" = "$before" ] || echo "$now"
    before=$now
    sleep "${1:-5}"
done
