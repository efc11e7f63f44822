"""What is wrong with the page as it is now, for whoever looks at it or has it read out."""

import re
from typing import Any

from ui_browser import Tab, Visitor

_CYRILLIC = re.compile("[\u0400-\u04ff]")
# Two words of which the second is no name.
_SENTENCE = re.compile(r"[A-Za-z]+ [a-z]{2,}")
# What is spelt the same in every language.
_NAMES = ("man wad", "apt install chromium")
# All that is to be read or heard: lines, and the attributes that screen readers say.
_WORDS = """[
  ...document.body.innerText.split('\\n'),
  document.title,
  ...[...document.querySelectorAll('[aria-label], [alt], [title]')]
    .filter((each) => each.checkVisibility() && !each.closest('[lang]:not(html)'))
    .flatMap((each) => ['aria-label', 'alt', 'title'].map((name) => each.getAttribute(name))),
].filter(Boolean)"""
_WIDTHS = "[document.scrollingElement.scrollWidth, innerWidth]"


def foreign_words(lines: list[str], language: str) -> list[str]:
    """Give the lines that are not in a language: Cyrillic in English, sentences without it in Russian."""
    if language == "en":
        return [line for line in lines if _CYRILLIC.search(line)]
    return [line for line in lines if not _CYRILLIC.search(line) and _SENTENCE.search(_nameless(line))]


def _nameless(line: str) -> str:
    for name in _NAMES:
        line = line.replace(name, "")
    return line


async def problems(tab: Tab, visitor: Visitor, *, axe: bool) -> list[Any]:
    """Give all that is wrong; what was complained of is told once."""
    language = visitor.language.split("-")[0]
    found: list[Any] = [f"words: {line}" for line in foreign_words(await tab.value(_WORDS), language)]
    if await tab.value("document.documentElement.lang") != language:
        found.append("the language is not told")
    width, room = await tab.value(_WIDTHS)
    if width > room:
        found.append(f"{width} px wide in a window of {room}")
    found += tab.complaints + [f"asked elsewhere: {url}" for url in tab.foreign()]
    tab.complaints.clear()
    return found + (await tab.axe() if axe else [])
