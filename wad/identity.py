"""How the browser presents itself: as itself, without the word Headless.

Builds of WhatsApp Web from about 2.3000.1044 on refuse a user agent that holds ``HeadlessChrome`` (measured
in 2026). Nothing is invented: name and version are the running browser's own, so they never grow old.
"""

from typing import Any

_PLATFORM = "Linux"


def override(user_agent: str, version: str) -> dict[str, Any]:
    """Give the parameters of ``Emulation.setUserAgentOverride`` for a browser of that version.

    The client hints (``Sec-CH-UA``) name the browser too; without them set they would say HeadlessChrome.
    """
    major = version.partition(".")[0]
    return {
        "userAgent": user_agent.replace("Headless", ""),
        "userAgentMetadata": {
            "brands": _brands(major),
            "fullVersionList": _brands(version),
            "fullVersion": version,
            "platform": _PLATFORM,
            "platformVersion": "",
            "architecture": "x86" if "x86" in user_agent else "",
            "bitness": "64",
            "model": "",
            "mobile": False,
        },
    }


def _brands(version: str) -> list[dict[str, str]]:
    """Give the brands as Chromium does: its own, and one that nobody may rely on."""
    return [{"brand": "Chromium", "version": version}, {"brand": "Not)A;Brand", "version": "24"}]
