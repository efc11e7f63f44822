# shellcheck shell=sh
# What the examples share: where wad is, the token, and three helpers. The others read this file.
WAD_URL=${WAD_URL:-http://127.0.0.1:3002}

# ask PATH [CURL'S OPTIONS]: the token goes through a pipe, so nobody sees it in an address or in the list of processes.
ask() {
    path=$1
    shift
    if [ -n "${WAD_TOKEN-}" ]; then
        printf 'Authorization: Bearer %s\n' "$WAD_TOKEN" \
            | curl --silent --show-error --max-time 10 --header @- "$@" "${WAD_URL%/}$path"
    else
        curl --silent --show-error --max-time 10 "$@" "${WAD_URL%/}$path"
    fi
}

# post PATH [JSON]: gives a command; says what wad says of it, and fails if wad refuses.
post() {
    if answer=$(ask "$1" --fail-with-body --header 'Content-Type: application/json' --data-binary "${2-}"); then
        printf '%s\n' "$answer" | field message
    else
        printf '%s\n' "$answer" | field error >&2
        return 1
    fi
}

# field NAME: prints the text of a key in the JSON that comes in, and nothing where it is null. (jq can do more.)
field() {
    sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"
}
