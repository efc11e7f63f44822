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
# The page without its words: what axe judges but for those, which are looked at by themselves.
_STRUCTURE = """(() => {
  const words = new Set([
    'aria-label', 'alt', 'title', 'datetime', 'value', 'href', 'src', 'd', 'data-reason', 'placeholder',
  ]);
  const own = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const attributes = (each) =>
    [...each.attributes].map(({ name, value }) => `${name}=${words.has(name) ? Boolean(value) : value}`);
  const drawn = (each) => (each.checkVisibility() ? getComputedStyle(each).color : 'hidden');
  const tell = (each) =>
    `${each.tagName} ${attributes(each)} ${own(each)} ${drawn(each)} (${[...each.children].map(tell)})`;
  return tell(document.body);
})()"""
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


async def problems(tab: Tab, visitor: Visitor, *, axe: bool, judged: set[str] | None = None) -> list[Any]:
    """Give all that is wrong; what was complained of is told once.

    `judged` are the structures that axe had nothing against: where it is given, axe is asked about others alone.
    """
    language = visitor.language.split("-")[0]
    found: list[Any] = [f"words: {line}" for line in foreign_words(await tab.value(_WORDS), language)]
    if await tab.value("document.documentElement.lang") != language:
        found.append("the language is not told")
    width, room = await tab.value(_WIDTHS)
    if width > room:
        found.append(f"{width} px wide in a window of {room}")
    found += tab.complaints + [f"asked elsewhere: {url}" for url in tab.foreign()]
    tab.complaints.clear()
    structure = await tab.value(_STRUCTURE) if axe and judged is not None else ""
    if not axe or (judged is not None and structure in judged):
        return found
    against = await tab.axe()
    if judged is not None and not against:
        judged.add(structure)
    return found + against
