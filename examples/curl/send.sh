#!/bin/sh
# Sends a text and waits until WhatsApp has it: send.sh NUMBER TEXT. Asking again under the same reference is harmless:
# it is the same message, which goes out once.
set -eu
. "$(dirname "$0")/client.sh"

case ${1-} in
    '' | *[!0-9a-z@\ \(\).+-]*) echo "usage: send.sh NUMBER TEXT" >&2; exit 2 ;;
esac
# As JSON wants it; a shell has no better way. (jq can do more.)
text=$(printf '%s' "${2:?what to send}" | sed 's/[\\"]/\\&/g; s/	/\\t/g; $!s/$/\\n/' | tr -d '\n')
ref=$(cat /proc/sys/kernel/random/uuid)
for again in 1 2 3 4 5; do
    if answer=$(ask '/api/whatsapp/messages?wait=sent&timeout=5' --fail-with-body --header 'Content-Type: application/json' \
        --data-binary "{\"to\": \"$1\", \"text\": \"$text\", \"clientRef\": \"$ref\"}"); then
        printf '%s\n' "$answer" | field state
        exit
    elif [ -n "$answer" ]; then
        printf '%s\n' "$answer" | field error >&2
        exit 1
    fi
    sleep "$again"
done
exit 1
