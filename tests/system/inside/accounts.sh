# Two accounts side by side behind nginx, the second with a token.
. /root/common.sh

install
sandboxed wad
sandboxed second
printf 'a-token-of-decent-length\n' >/etc/wad/second.api-token
chmod 600 /etc/wad/second.api-token
systemctl restart wad
systemctl start wad@second
fact second_start $?
systemctl start wad@third 2>/dev/null
fact unconfigured "$(systemctl is-active wad@third) $(systemctl show -P AssertResult wad@third)"
site
await in_state qr
await in_state qr --instance second
fact profiles "$(stat -c '%a:%U' /var/lib/wad /var/lib/wad-second | tr '\n' ' ')"
fact sockets "$(stat -c '%a:%U:%G' /run/wad-second/http.sock /run/wad-second/control.sock | tr '\n' ' ')"

wadctl --instance second sandbox scan number=15557654321 >/dev/null
await in_state ready --instance second
fact first_state "$(wadctl status | head -n 1 | cut -d: -f1)"
code() { curl -s -o /root/out -w '%{http_code}' "$@"; }
fact first_through_nginx "$(code http://localhost/whatsapp/status) $(grep -o '"currentState":"[a-z]*"' /root/out)"
fact second_through_nginx "$(code http://localhost/accounts/second/whatsapp/status) $(grep -o '"currentState":"[a-z]*"' /root/out)"
fact second_hides "$(grep -o '"accountInfo":[a-z]*' /root/out)"
fact second_refuses "$(code -X POST http://localhost/accounts/second/api/whatsapp/stop)"
fact second_obeys "$(code -X POST -H 'Authorization: Bearer a-token-of-decent-length' http://localhost/accounts/second/api/whatsapp/stop)"
fact unknown_account "$(code http://localhost/accounts/nobody/health)"
fact socketio "$(code 'http://localhost/socket.io/?EIO=4&transport=polling') $(code 'http://localhost/accounts/second/socket.io/?EIO=4&transport=polling')"

systemctl reload wad@second
fact second_reload $?
systemctl stop wad@second
fact first_goes_on "$(systemctl is-active wad) $(status_key success)"
fact second_down "$(code http://localhost/accounts/second/health) $(grep -o '"status": "degraded"' /root/out)"
wadctl --instance second status >/dev/null
fact second_status_exit $?
