#!/bin/sh
# Saves the code as a picture: save-code.sh [FILE]. Fails if no code is live.
set -eu
. "$(dirname "$0")/client.sh"

file=${1:-code.png}
ask /api/whatsapp/qr.png --fail --output "$file"
echo "saved $file"
