"""Two accounts on one booted machine, behind one nginx; then the layout of two hosts."""

import pytest
from boot_harness import facts


@pytest.fixture(scope="module")
def accounts(package):
    """Give what was found out in one boot."""
    return facts("accounts.sh", package)


PROMISES = {
    "an account needs no more than its file": {"second_start": "0"},
    "without one it does not start, and says why": {"unconfigured": "inactive no"},
    "profiles are apart, and nobody else's": {"profiles": "700:wad 700:wad"},
    "sockets are guarded as the first one's": {"sockets": "660:root:www-data 660:root:wad"},
    "a scan links the account it was meant for": {
        "first_state": "qr",
        "first_through_nginx": '200 "currentState":"qr"',
        "second_through_nginx": '200 "currentState":"ready"',
    },
    "an account's token is its own": {
        "second_hides": '"accountInfo":null',
        "second_refuses": "401",
        "second_obeys": "200",
    },
    "an account nobody made is not there": {"unknown_account": "404"},
    "each has its Socket.IO": {"socketio": "200 200"},
    "each is reloaded by itself": {"second_reload": "0"},
    "one may stop alone": {
        "first_goes_on": "active True",
        "second_down": '200 "status": "degraded"',
        "second_status_exit": "3",
    },
    "on a VPN's address it wants a token, and need not wait for the address": {
        "open_without_token": "78",
        "open_with_token": "active",
    },
    "behind an nginx on another host all is the same": {
        "vpn_status": '200 "authRequired":true',
        "vpn_own_page": "200",
        "vpn_foreign_page": "403",
        "vpn_socketio": "200",
    },
    "on TCP a foreign Host is refused": {"vpn_foreign_host": "421"},
    "on TCP the address itself is no foreign Host": {"vpn_own_address": "200"},
}


@pytest.mark.parametrize("promise", PROMISES)
def test_accounts_are_apart(accounts, promise):
    """Whatever is promised of further accounts holds on a booted machine."""
    expected = PROMISES[promise]

    assert expected == {name: accounts.get(name) for name in expected}
