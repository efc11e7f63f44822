#!/bin/sh
# Tells who is linked; fails if nobody is.
set -eu
. "$(dirname "$0")/client.sh"

account=$(ask /whatsapp/account --fail)
number=$(printf '%s' "$account" | field phoneNumber)
if [ -z "$number" ]; then
    echo 'nobody is linked' >&2
    exit 1
fi
printf '%s %s\n' "${number%@*}" "$(printf '%s' "$account" | field name)"
