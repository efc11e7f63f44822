# The package's life: upgraded, removed, installed again, purged; the session outlives all but the last.
. /root/common.sh

install
sandboxed wad
sandboxed second
systemctl restart wad
systemctl start wad@second
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
printf 'a-token-of-decent-length\n' >/etc/wad/api-token
dpkg -P wad >/root/dpkg.log 2>&1
fact purge_exit $?
fact purged_processes "$(processes)"
fact purged_rest "$(find /var/lib /var/cache /run /etc /tmp /var/tmp /home -xdev -user wad 2>/dev/null | head -n 3 | tr '\n' ' ')"
fact purged_tokens "$(find /etc/wad -name '*api-token' 2>/dev/null | wc -l)"
fact foreign_folder "$([[ -d /var/lib/wad-foreign ]] && echo kept)"
fact purged_units "$(systemctl list-unit-files 'wad*' --no-legend | wc -l)"
