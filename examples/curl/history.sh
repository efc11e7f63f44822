#!/bin/sh
# Lists the last changes of the link, the oldest first.
set -eu
. "$(dirname "$0")/client.sh"

history=$(ask /whatsapp/history --fail)
printf '%s\n' "$history" | tr '{' '\n' | while read -r change; do
    at=$(printf '%s' "$change" | field at)
    [ -n "$at" ] || continue
    from=$(printf '%s' "$change" | field from)
    to=$(printf '%s' "$change" | field to)
    echo "$at $from -> $to ($(printf '%s' "$change" | field phase))"
done
