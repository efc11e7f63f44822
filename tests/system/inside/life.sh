# One account's life as a service: installed, linked, looked at, reloaded, stopped, misconfigured.
. /root/common.sh

install
fact installed_exit $?
fact enabled "$(systemctl is-enabled wad.service wad.socket wad-http.socket | tr '\n' ' ')"
fact active_after_install "$(systemctl is-active wad.service)"
fact verify "$(systemd-analyze verify wad.service wad.socket wad-http.socket wad@a.service wad@a.socket wad-http@a.socket 2>&1 | head -n 3)"
fact security "$(systemd-analyze security wad.service wad@a.service 2>/dev/null | sed -n 's/.*level for \([^:]*\): \([0-9.]*\).*/\1=\2/p' | tr '\n' ' ')"
fact security_first "$(systemd-analyze security wad.service | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')"
fact security_account "$(systemd-analyze security wad@a.service | sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p')"
fact sockets "$(stat -c '%a:%U:%G' /run/wad/http.sock /run/wad/control.sock | tr '\n' ' ')"

sandboxed wad
systemctl restart wad
await in_state qr
fact status_line "$(systemctl show -P StatusText wad)"
wadctl status >/root/status.txt
fact status_exit $?
fact status_text "$(head -n 1 /root/status.txt | cut -d: -f1)"
fact journal_qr "$(journalctl -q -o cat WAD_STATE_TO=qr | head -n 1 | cut -d' ' -f1-4)"
fact journal_leak "$(journalctl -q -u wad | grep -c -e 'data:image' -e '2@' || true)"

renderer=$(pgrep -u wad -f -- '--type=renderer' | head -n 1)
fact no_sandbox_flags "$(pgrep -u wad -c -f -- '--no-sandbox' || true)"
fact renderer_seccomp "$(sed -n 's/^Seccomp:\t//p' "/proc/$renderer/status")"
main=$(main_pid)
for kind in user pid net; do
    [[ $(readlink "/proc/$renderer/ns/$kind") == "$(readlink "/proc/$main/ns/$kind")" ]] && shared=shared || shared=own
    fact "renderer_$kind" "$shared"
done

# Another user of this machine; then the same one in the group.
runuser -u games -- wadctl status >/dev/null
fact stranger_exit $?
runuser -u games -- curl -s --unix-socket /run/wad/http.sock http://localhost/health >/dev/null
fact stranger_http_exit $?
runuser -u games -g games -G wad -- wadctl status >/dev/null
fact member_exit $?
fact member_socat "$(echo status | runuser -u games -g games -G wad -- socat - UNIX-CONNECT:/run/wad/control.sock | cut -c1-16)"
runuser -u www-data -- curl -s --unix-socket /run/wad/http.sock http://localhost/health >/dev/null
fact nginx_user_exit $?

wadctl sandbox scan >/dev/null
await in_state ready
fact linked_line "$(systemctl show -P StatusText wad)"
wadctl is-linked
fact is_linked_exit $?
fact vitals "$(echo vitals | socat -t 5 - UNIX-CONNECT:/run/wad/control.sock | grep -o '"memoryBytes":[0-9]\|"processes":[1-9]' | sed 's/[0-9]$/N/' | tr '\n' ' ')"
fact page "$(curl -s -o /root/page.html -w '%{http_code} %{content_type}' --unix-socket /run/wad/http.sock http://localhost/)"
fact page_script "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket /run/wad/http.sock http://localhost/ui/js/main.js)"
fact page_client "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket /run/wad/http.sock http://localhost/ui/vendor/socket.io.esm.min.js)"

wadctl doctor --json >/root/doctor.json
fact doctor_exit $?
fact doctor_fails "$(grep -c '"verdict": "fail"' /root/doctor.json)"
fact doctor_says "$(grep -o '"check": "\(unit\|socket\|daemon\|link\|http\)", "verdict": "[a-z]*"' /root/doctor.json | cut -d'"' -f4,8 | tr '\n' ' ')"

sandboxed wad $'[http]\nallowed_origins = ["https://app.example.org"]'
systemctl reload wad
fact reload_exit $?
fact reload_pid_same "$([[ $(main_pid) == "$main" ]] && echo yes)"
fact reload_origin "$(curl -s -o /dev/null -D - --unix-socket /run/wad/http.sock -H 'Origin: https://app.example.org' http://localhost/health | sed -n 's/^Access-Control-Allow-Origin: \(.*\)\r/\1/p')"
fact reload_active "$(systemctl is-active wad)"

# A token, one that is none, another one, and no file, each by a reload alone.
first=first-token-of-decent-length second=second-token-of-decent-length
codes() {
    local each
    for each in $first $second; do
        curl -s -o /dev/null -w '%{http_code} ' --unix-socket /run/wad/http.sock -H "Authorization: Bearer $each" http://localhost/whatsapp/history
    done
}
for token in $first '' $second; do
    (umask 077 && echo "$token" >/etc/wad/api-token)
    systemctl reload wad
    fact "token_${token%%-*}_exit" $?
    fact "token_${token%%-*}_codes" "$(codes)"
done
fact token_handed "$(stat -c '%a:%U:%G' /run/wad/api-token)"
fact token_refused "$(journalctl -q -u wad -o cat | grep -c 'reload_refused.*has fewer than 16 characters')"
rm /etc/wad/api-token
systemctl reload wad
fact token_gone_exit $?
fact token_gone_codes "$(codes)"
fact token_pid_same "$([[ $(main_pid) == "$main" ]] && echo yes)"

pkill -KILL -u wad -f -- '/chromium --type=renderer'
fact http_while_crashed "$(status_key success)"
await in_state ready
fact pid_after_crash_same "$([[ $(main_pid) == "$main" ]] && echo yes)"

systemctl stop wad
fact stop_result "$(systemctl show -P Result wad)"
fact stop_processes "$(processes)"
fact token_left "$(find /run/wad -name api-token | wc -l)"
wadctl status >/dev/null
fact stopped_status_exit $?
wadctl start >/dev/null
fact stopped_start_exit $?
curl -s --unix-socket /run/wad/http.sock http://localhost/health
fact stopped_http_exit $?
wadctl doctor >/root/doctor.txt
fact stopped_doctor_exit $?
fact stopped_active "$(systemctl is-active wad wad.socket wad-http.socket | tr '\n' ' ')"

systemctl start wad
await in_state ready
fact relinked "$(status_key currentState)"
fact codes_since "$(journalctl -q -o cat _PID="$(main_pid)" WAD_STATE_TO=qr | wc -l)"

sandboxed wad $'[http]\nport = 1'
systemctl restart wad
fact bad_config_start_exit $?
fact bad_config_exit "$(systemctl show -P ExecMainStatus wad)"
# Pollers, which must not start it again and again.
for _ in 1 2 3; do curl -s --max-time 5 --unix-socket /run/wad/http.sock http://localhost/health; done
fact bad_config_http_exit $?
fact bad_config_restarts "$(systemctl show -P NRestarts wad)"
fact bad_config_active "$(systemctl is-active wad)"
fact bad_config_line "$(journalctl -q -u wad -o cat | grep -c 'there is no such key' || true)"
sandboxed wad
systemctl start wad
await in_state ready
fact mended "$(status_key currentState)"
