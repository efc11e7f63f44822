#!/bin/sh
# Shows how the link is, and draws the code if one waits to be scanned.
set -eu
. "$(dirname "$0")/client.sh"

status=$(ask /whatsapp/status --fail)
printf '%s: %s\n' "$(printf '%s' "$status" | field currentState)" "$(printf '%s' "$status" | field message)"
case $status in
    *'"hasQr":true'*) ask /api/whatsapp/qr.txt --fail ;;
esac
