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

# Two hosts: wad listens on the VPN's address, nginx asks it from there. The address comes up late, as a VPN's does.
mkdir -p /etc/systemd/system/wad-http.socket.d
printf '[Socket]\nListenStream=10.8.0.1:3002\nFreeBind=yes\n' >/etc/systemd/system/wad-http.socket.d/vpn.conf
systemctl daemon-reload
systemctl stop wad
systemctl start wad
fact open_without_token "$(systemctl show -P ExecMainStatus wad)"
printf 'another-token-of-decent-length\n' >/etc/wad/api-token
chmod 600 /etc/wad/api-token
sandboxed wad $'[http]\npublic_url = "http://localhost"\ntrusted_proxies = ["10.8.0.1"]'
systemctl reset-failed wad.service wad.socket wad-http.socket
systemctl start wad
fact open_with_token "$(systemctl is-active wad)"
ip addr add 10.8.0.1/32 dev lo
sed -i 's,server unix:/run/wad/http.sock;,server 10.8.0.1:3002;,' /etc/nginx/sites-enabled/wad
systemctl reload nginx
await curl -sf -o /dev/null http://localhost/livez
token='Authorization: Bearer another-token-of-decent-length'
fact vpn_status "$(code http://localhost/whatsapp/status) $(grep -o '"authRequired":true' /root/out)"
fact vpn_own_page "$(code -X POST -H "$token" -H 'Origin: http://localhost' http://localhost/api/whatsapp/start)"
fact vpn_foreign_page "$(code -X POST -H "$token" -H 'Origin: https://evil.example' http://localhost/api/whatsapp/start)"
fact vpn_foreign_host "$(code -H 'Host: foreign.example:3002' http://10.8.0.1:3002/health)"
fact vpn_own_address "$(code http://10.8.0.1:3002/health)"
fact vpn_socketio "$(code 'http://localhost/socket.io/?EIO=4&transport=polling')"
