# The package's life: upgraded, removed, installed again, purged; the session outlives all but the last.
. /root/common.sh

install
sandboxed wad
sandboxed second
systemctl restart wad
systemctl enable --now wad@second
for instance in '' second; do
    await in_state qr ${instance:+--instance "$instance"}
    wadctl ${instance:+--instance "$instance"} sandbox scan >/dev/null
done
for instance in '' second; do
    await in_state ready ${instance:+--instance "$instance"}
done
old=$(main_pid)
old_second=$(main_pid wad@second)

install
fact upgrade_exit $?
await in_state ready
await in_state ready --instance second
fact upgraded "$([[ $(main_pid) != "$old" ]] && echo first) $([[ $(main_pid wad@second) != "$old_second" ]] && echo second)"
fact codes_after_upgrade "$(journalctl -q -o cat _PID="$(main_pid)" WAD_STATE_TO=qr | wc -l) $(journalctl -q -o cat _PID="$(main_pid wad@second)" WAD_STATE_TO=qr | wc -l)"

dpkg -r wad >/root/dpkg.log 2>&1
fact remove_exit $?
fact removed_processes "$(processes)"
fact removed_sockets "$(find /run/wad /run/wad-second -type s 2>/dev/null | wc -l)"
fact removed_session "$([[ -d /var/lib/wad/sandbox/profile ]] && echo kept)"

install
await in_state ready
fact codes_after_reinstall "$(journalctl -q -o cat _PID="$(main_pid)" WAD_STATE_TO=qr | wc -l)"

mkdir /var/lib/wad-foreign
for each in wad-foreign/file wad-second.tar; do echo foreign >"/var/lib/$each"; done
echo foreign >/etc/wad/notes
for each in api-token second.api-token third.api-token; do printf 'a-token-of-decent-length\n' >"/etc/wad/$each"; done
sandboxed third
dpkg -P wad >/root/dpkg.log 2>&1
fact purge_exit $?
fact purged_processes "$(processes)"
fact purged_rest "$(find /var/lib /var/cache /run /etc /tmp /var/tmp /home -xdev -user wad 2>/dev/null | head -n 3 | tr '\n' ' ')"
fact purged_settings "$(find /etc/wad /etc/nginx /etc/systemd/system -mindepth 1 -name '*wad*' -o -path '/etc/wad/*' | tr '\n' ' ')"
fact purged_folders "$(find /var/lib /run -mindepth 1 -maxdepth 1 -name 'wad*' | sort | tr '\n' ' ')"
fact foreign "$(cat /var/lib/wad-foreign/file /var/lib/wad-second.tar /etc/wad/notes | tr '\n' ' ')"
fact purged_units "$(systemctl list-unit-files 'wad*' --no-legend | wc -l)"
