# What befalls a service: killed under load, hung, without a journal, killed too often; with nginx in front.
. /root/common.sh

install
sandboxed wad
systemctl restart wad
site
await in_state qr

# Somebody who means harm, at the socket itself and through nginx; a client that is let in asks meanwhile.
harm() {
    local name value
    while read -r name value; do fact "$1_$name" "$value"; done < <(/usr/bin/python3 /root/hostile_client.py "$2")
}
resident() { awk '/^VmRSS/ {print $2}' "/proc/$(main_pid)/status"; }
harm socket /run/wad/http.sock
before=$(resident)
harm nginx localhost:80
fact grown_by_harm $(($(resident) - before))
fact restarts_by_harm "$(systemctl show -P NRestarts wad)"
fact state_after_harm "$(status_key currentState)"

# Killed while two crowds ask: one through nginx, one at the socket itself.
touch /root/loading
/usr/bin/python3 /root/load.py localhost /root/loading >/root/through.txt &
through=$!
/usr/bin/python3 /root/load.py /run/wad/http.sock /root/loading >/root/direct.txt &
direct=$!
old=$(main_pid)
old_browser=$(pgrep -u wad -f 'remote-debugging-pipe' | head -n 1)
killed=$(date +%s%N)
kill -KILL "$old"
curl -sf -o /dev/null --max-time 30 --unix-socket /run/wad/http.sock http://localhost/livez
fact waited_answer $?
fact milliseconds_to_answer $((($(date +%s%N) - killed) / 1000000))
changed() { [[ $(main_pid) != "$old" && $(main_pid) != 0 ]]; }
await changed
await in_state qr
rm /root/loading
wait "$through" "$direct"
fact through_nginx "$(cat /root/through.txt)"
fact at_the_socket "$(cat /root/direct.txt)"
fact restarts "$(systemctl show -P NRestarts wad)"
fact old_browser "$([[ -d /proc/$old_browser ]] && echo there || echo gone)"
fact browsers "$(pgrep -c -u wad -f -- '/chromium --type=zygote --no-zygote-sandbox' || true)"

# Without the journal.
systemctl stop systemd-journald.socket systemd-journald-dev-log.socket systemd-journald-audit.socket systemd-journald 2>/dev/null
wadctl stop >/dev/null
await in_state idle
fact without_journal "$(status_key success)"
systemctl start systemd-journald.socket systemd-journald-dev-log.socket systemd-journald
before=$(journalctl -q -o cat WAD_STATE_TO=qr | wc -l)
wadctl start >/dev/null
written() { (($(journalctl -q -o cat WAD_STATE_TO=qr | wc -l) > before)); }
await written
fact with_journal_again "$(status_key success)"

# Stopped in its tracks: the watchdog ends it.
mkdir -p /run/systemd/system/wad.service.d
printf '[Service]\nWatchdogSec=4s\nTimeoutAbortSec=1s\n' >/run/systemd/system/wad.service.d/hasty.conf
systemctl daemon-reload
systemctl restart wad
old=$(main_pid)
kill -STOP "$old"
await changed
fact watchdog_said "$(journalctl -q -u wad -o cat | grep -c 'Watchdog timeout' || true)"
await answers /run/wad/http.sock
fact after_hang "$(status_key success)"

# Through nginx while it is stopped on purpose.
systemctl stop wad
fact down_health "$(curl -s -o /root/out -w '%{http_code}' http://localhost/health) $(grep -o '"status": "degraded"' /root/out)"
fact down_start "$(curl -s -o /root/out -w '%{http_code}' -X POST http://localhost/api/whatsapp/start) $(grep -o daemon_unavailable /root/out)"
fact down_page "$(curl -s -o /root/out -w '%{http_code} %{content_type}' -H 'Accept: text/html' http://localhost/) $(grep -o 'systemctl status' /root/out)"
fact stays_down "$(systemctl is-active wad)"

# Killed too often.
printf '[Service]\nRestartSec=100ms\n' >/run/systemd/system/wad.service.d/hasty.conf
systemctl daemon-reload
systemctl reset-failed wad.service wad.socket wad-http.socket
systemctl start wad
for _ in 1 2 3 4 5 6 7; do
    up_or_given_up() { answers /run/wad/http.sock || given_up; }
    given_up() { [[ $(systemctl is-active wad) == failed ]]; }
    await up_or_given_up
    given_up && break
    old=$(main_pid)
    kill -KILL "$old"
    settled() { changed || given_up; }
    await settled
    given_up && break
done
fact limit "$(systemctl show -P Result wad)"
fact limit_sockets "$(systemctl is-active wad.socket wad-http.socket | tr '\n' ' ')"
systemctl reset-failed wad.service wad.socket wad-http.socket
systemctl start wad
await answers /run/wad/http.sock
fact after_reset_failed "$(systemctl is-active wad wad.socket wad-http.socket | tr '\n' ' ')"
