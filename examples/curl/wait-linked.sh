#!/bin/sh
# Waits until the link is ready. An ETag makes asking cheap: what has not changed is not sent again.
set -eu
. "$(dirname "$0")/client.sh"

etag=$(mktemp)
trap 'rm -f "$etag"' EXIT
while :; do
    status=$(ask /whatsapp/status --fail --etag-compare "$etag" --etag-save "$etag")
    state=$(printf '%s' "$status" | field currentState)
    case $state in
        '') ;; # 304: nothing new
        ready) echo linked; exit ;;
        blocked) printf '%s' "$status" | field action >&2; exit 1 ;;
        *) echo "$state" ;;
    esac
    sleep 1
done
