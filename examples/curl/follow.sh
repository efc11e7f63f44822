#!/bin/sh
# Prints each message that comes, as JSON, and misses none: follow.sh [FILE]. The file keeps the number of the last one
# dealt with, so that whatever came while this was not running is printed at its next start.
set -eu
. "$(dirname "$0")/client.sh"

file=${1:-last-event}
while :; do
    after=$(cat "$file" 2>/dev/null || echo 0)
    ask "/api/whatsapp/events/stream?types=message&after=$after" --fail --no-buffer --max-time 0 \
        | while IFS= read -r row; do
            case $row in
                'id: '*) seq=${row#id: } ;;
                'data: '*)
                    printf '%s\n' "${row#data: }"
                    printf '%s\n' "$seq" >"$file.new" && mv "$file.new" "$file"
                    ;;
            esac
        done || true
    sleep 1
done
