#!/bin/sh
# Gets a code to type on the phone, under Linked devices: pair.sh '+1 555 123-45-67'.
set -eu
. "$(dirname "$0")/client.sh"

case ${1-} in
    '' | *[!0-9\ \(\).+-]*) echo "usage: pair.sh NUMBER" >&2; exit 2 ;;
esac
post /api/whatsapp/pair "{\"phone\": \"$1\"}"
while :; do
    status=$(ask /whatsapp/status --fail)
    code=$(printf '%s' "$status" | field pairingCode)
    if [ -n "$code" ]; then
        echo "${code%????}-${code#????}"
        exit
    fi
    case $status in
        *'"reason":"pairing_'*) printf '%s' "$status" | field action >&2; exit 1 ;;
    esac
    sleep 1
done
