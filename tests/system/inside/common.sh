# What the scripts inside the booted machine share. They find out; the tests judge.
set -uo pipefail
exec 2>&1

# Tells the tests: fact NAME VALUE…
fact() { printf '@%s %s\n' "$1" "${*:2}"; }

# Waits until a command succeeds. If it never does, that is told, and there is nothing more to find out.
await() {
    local deadline=$((SECONDS + 60))
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS > deadline)); then
            systemctl --no-pager --lines=0 status 'wad*' nginx | cut -c1-150
            journalctl --no-pager -q -o short-precise -n 40 -u 'wad*'
            fact gave_up "$*"
            exit 1
        fi
        sleep .1
    done
}

# Installs the package with its questions answered in advance.
install() { DEBIAN_FRONTEND=noninteractive dpkg -i --force-confold /root/wad_*.deb >/root/dpkg.log 2>&1; }

in_state() { wadctl "${@:2}" status | grep -q "^$1[: ]"; }
answers() { curl -sf -o /dev/null --max-time 2 --unix-socket "$1" http://localhost/livez; }
status_key() { curl -s --max-time 5 --unix-socket "${2-/run/wad/http.sock}" http://localhost/whatsapp/status | /usr/bin/python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
processes() { pgrep -c -u wad || true; }
main_pid() { systemctl show -P MainPID "${1-wad.service}"; }

sandboxed() {
    printf '[sandbox]\nenabled = true\n%s\n' "${2-}" >"/etc/wad/${1-wad}.toml"
}
site() {
    sed -e 's/wad\.example\.org/localhost/' /usr/share/doc/wad/examples/wad.conf >/etc/nginx/sites-enabled/wad
    rm -f /etc/nginx/sites-enabled/default
    systemctl unmask nginx >/dev/null 2>&1
    systemctl restart nginx
}
