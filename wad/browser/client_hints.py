"""How a browser that says Headless in its client hints presents itself: without that word.

Builds of WhatsApp Web from about 2.3000.1044 on refuse a user agent that holds ``HeadlessChrome`` (measured
in 2026). The user agent itself is set by a flag (`wad.browser.useragent`), which reaches workers too. The
client hints (``Sec-CH-UA``) are right in Debian's chromium; its chromium-headless-shell names itself
HeadlessChrome there, and is corrected for the page (measured with 156). Name and version are the running
browser's own.
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
