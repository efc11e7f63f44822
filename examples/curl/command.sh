#!/bin/sh
# Gives a command: command.sh start|stop|reset|logout. It is answered at once; the status tells what comes of it.
set -eu
. "$(dirname "$0")/client.sh"

case ${1-} in
    start | stop | reset | logout) post "/api/whatsapp/$1" ;;
    *) echo "usage: command.sh start|stop|reset|logout" >&2; exit 2 ;;
esac
