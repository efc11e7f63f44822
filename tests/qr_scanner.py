"""Codes as the page shows them, and a scanner for their pictures that shares no code with their maker."""

import base64
import random
import string
import subprocess


def realistic(seed: int, *, prefix: str = "", suffix: str = "") -> str:
    """Make a text as WhatsApp Web shows it: five fields with commas, three of them keys in base64."""
    dice = random.Random(seed)

    def key() -> str:
        return base64.b64encode(dice.randbytes(32)).decode()

    ref = "2@" + "".join(dice.choices(string.ascii_letters + string.digits + "+/", k=87)) + "=="
    return f"{prefix}{ref},{key()},{key()},{key()},1{suffix}"


def looked_at(picture: bytes) -> str | None:
    """Give what the scanner reads in a picture, None if that is nothing."""
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-"]
    result = subprocess.run(command, input=picture, capture_output=True, check=False, timeout=20)
    return result.stdout.decode().removesuffix("\n") if result.returncode == 0 else None


def scanned(picture: bytes) -> str:
    """Give what the scanner reads, which must be something."""
    text = looked_at(picture)
    assert text is not None, "the scanner reads nothing"
    return text
