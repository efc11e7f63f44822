"""A container of the image, run by runc out of an unpacked bundle: no engine, no network, nothing of this machine."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
UID = 10001
TOKEN = "0123456789abcdef" * 2
PROFILE = ROOT / "etc" / "seccomp" / "wad.json"
# In seconds: for what takes seconds on a machine that has nothing else to do.
PATIENCE = 120

Filter = Mapping[str, Any] | None


def ours() -> dict[str, Any]:
    """Give wad's own filter of system calls."""
    profile: dict[str, Any] = json.loads(PROFILE.read_text())
    return profile


def without(*calls: str) -> dict[str, Any]:
    """Give wad's filter without these calls; `clone` then makes processes, and no namespaces.

    What is forbidden is refused as Docker's own filter does it: EPERM, but ENOSYS for clone3, whose flags no filter
    can see. The mask is that of CLONE_NEW* in clone(2).
    """
    profile = ours()
    profile["defaultErrnoRet"] = 1
    profile["syscalls"].append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38})
    for rule in profile["syscalls"]:
        rule["names"] = [name for name in rule["names"] if name not in calls]
    profile["syscalls"] = [rule for rule in profile["syscalls"] if rule["names"]]
    if "clone" in calls:
        plain = [{"index": 0, "value": 0x7E020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]
        profile["syscalls"].append({"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": plain})
    return profile


class Container:
    """One container: uid 10001, no capability, a root nobody can write to, one volume."""

    def __init__(self, bundle: Path, folder: Path, seccomp: Filter, env: Mapping[str, str]) -> None:
        self.name = f"wad-{os.getpid()}-{folder.name}"
        self._bundle, self._folder = bundle, folder
        self._seccomp, self._env = seccomp, env
        self.volume = folder / "volume"
        self.log = folder / "log"

    def __enter__(self) -> Self:
        self._write()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                ["runc", "run", "--bundle", str(self._folder), self.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["runc", "kill", self.name, "KILL"], check=False, capture_output=True)
        self._process.wait(PATIENCE)
        subprocess.run(["runc", "delete", "--force", self.name], check=False, capture_output=True)

    def _write(self) -> None:
        self._folder.mkdir(exist_ok=True)
        self.volume.mkdir(mode=0o700, exist_ok=True)
        token = self._folder / "token"
        token.write_text(TOKEN)
        token.chmod(0o400)
        for path in (self.volume, token):
            shutil.chown(path, UID, UID)
        config = json.loads((self._bundle / "config.json").read_text())
        process = config["process"]
        process["terminal"] = False
        process["env"] += [f"{name}={value}" for name, value in self._env.items()]
        process["capabilities"] = {}
        process["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 8192, "hard": 8192}]
        config["root"] = {"path": str(self._bundle / "rootfs"), "readonly": True}
        config["mounts"] += [
            bind(self.volume, "/var/lib/wad", "rw"),
            bind(token, "/run/secrets/wad-token", "ro"),
        ]
        if self._seccomp is not None:
            config["linux"]["seccomp"] = self._seccomp
        (self._folder / "config.json").write_text(json.dumps(config))

    def run(self, *argv: str, within: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run a program inside, as the same user and under the same filter."""
        return subprocess.run(
            ["runc", "exec", self.name, *argv], check=False, capture_output=True, text=True, timeout=within
        )

    def status(self) -> dict[str, Any]:
        """Ask wad how the link is; nothing where it does not answer yet."""
        asked = self.run("wadctl", "status", "--json")
        told: dict[str, Any] = json.loads(asked.stdout) if asked.returncode == 0 and asked.stdout else {}
        return told

    def stop(self) -> int:
        """Send the image's stop signal, and give the code with which the container ended."""
        subprocess.run(["runc", "kill", self.name, "TERM"], check=True)
        return self._process.wait(PATIENCE)

    @property
    def ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def wait(self) -> int:
        """Wait for a container that ends by itself, and give its code."""
        return self._process.wait(PATIENCE)

    @property
    def said(self) -> str:
        """All that was written to the log."""
        return self.log.read_text()


def bind(source: Path, destination: str, mode: str) -> dict[str, Any]:
    """Give a mount of a file or folder of this machine's."""
    return {
        "destination": destination,
        "type": "bind",
        "source": str(source),
        "options": ["bind", mode, "nosuid", "nodev"],
    }


def eventually(look: Callable[[], Any]) -> Any:
    """Ask over and over until the answer is true, and give it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if answer := look():
            return answer
        time.sleep(0.2)
    raise AssertionError("it did not come about")
