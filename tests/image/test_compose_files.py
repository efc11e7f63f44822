"""The files for Compose: what each service is given is what the image needs, and nothing more."""

import re
import subprocess

import pytest
import yaml
from image_container import ROOT

from wad.config.schema import BY_ENV

FOLDER = ROOT / "etc" / "compose"
FILES = {path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("*.yaml")}
SERVICES = [
    pytest.param(file, service, id=f"{file}-{name}")
    for file in FILES.values()
    for name, service in file["services"].items()
    if service["image"] == "localhost/wad"
]


@pytest.mark.parametrize(("file", "service"), SERVICES)
def test_service(file, service):
    """Read-only, without capabilities, with wad's filter, bounds, and time to close the browser."""
    mounted = [volume.partition(":") for volume in service["volumes"]]
    secrets = [secret if isinstance(secret, str) else secret["source"] for secret in service["secrets"]]
    filters = [option.partition("=")[2] for option in service["security_opt"] if "seccomp" in option]

    assert service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert [True] == [(FOLDER / path).is_file() for path in filters]
    assert "30s" == service["stop_grace_period"]
    assert {"mem_limit", "pids_limit", "shm_size", "ulimits"} <= set(service)
    assert ["/var/lib/wad"] == [place for _, _, place in mounted]
    assert {volume for volume, _, _ in mounted} <= set(file["volumes"])
    assert set(secrets) <= set(file["secrets"])
    assert set(service["environment"]) <= set(BY_ENV)


def test_accounts_share_nothing():
    """Two accounts have two volumes and two tokens."""
    services = [service for service in FILES["accounts"]["services"].values() if "secrets" in service]
    volumes = {volume for service in services for volume in service["volumes"]}
    secrets = {secret["source"] for service in services for secret in service["secrets"]}

    assert (2, 2, 2) == (len(services), len(volumes), len(secrets))


def test_nginx_knows_every_account(tmp_path):
    """Its configuration has a location for each account, and nginx takes it."""
    text = (FOLDER / "accounts.conf").read_text()
    accounts = set(FILES["accounts"]["services"]) - {"nginx"}
    # Names that only Compose's network has.
    site = re.sub(r"http://\w+:3002", "http://127.0.0.1:3002", text).replace(
        "listen 80;", "listen 127.0.0.1:8099;"
    )
    main = tmp_path / "nginx.conf"
    main.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off;\n{site}}}\n")
    ended = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", str(tmp_path), "-c", str(main)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert accounts == set(re.findall(r"location /accounts/(\w+)/ ", re.sub(" +", " ", text)))
    assert accounts == set(re.findall(r"proxy_pass http://(\w+):3002/;", text))
    assert 0 == ended.returncode, ended.stderr
