"""The page's files as they lie there: what they refer to, and what the policy would refuse."""

import posixpath
import re
from html.parser import HTMLParser

import pytest
from ui_node import UI

from wad.web.pages import page_files

PAGE = "index.html"
SERVED = {name: (UI / name).read_text() for name in page_files()}
OURS = {name: text for name, text in SERVED.items() if not name.startswith("vendor/")}
SCRIPTS = {name: text for name, text in OURS.items() if name.endswith(".js")}
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]""")
ICON = re.compile(r"'([\w-]+\.svg)'")
ABSOLUTE = re.compile(r"""(?:https?:|wss?:)?//[\w\[]|['"(=]/[\w.]""")
COMMENTS = re.compile(r"<!--.*?-->|/\*.*?\*/|^\s*//.*?$|\s//\s.*?$", re.DOTALL | re.MULTILINE)
NAMESPACES = re.compile(r"http://www\.w3\.org/[\w/]+")


class Elements(HTMLParser):
    """Collects the elements with their attributes, and the text inside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, _):
        self._inside = ""

    def handle_data(self, data):
        if self._inside in {"script", "style"} and data.strip():
            self.inline.append(data)


@pytest.fixture(scope="module")
def elements():
    return Elements(SERVED[PAGE])


def references(elements, *, links=False):
    """Give the addresses the page loads, or those it leads to; places within it are none."""
    named = [each.get("src") or each.get("href") for tag, each in elements.found if (tag == "a") == links]
    return [address for address in named if address and not address.startswith(("#", "data:"))]


def imports(name):
    """Give the files a script imports, by their paths."""
    found = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), each))
        for each in IMPORT.findall(SCRIPTS[name])
    }
    # The tab\'s icon changes with what is shown.
    return found | set(ICON.findall(SCRIPTS[name]))


def test_the_page_has_nothing_inline(elements):
    """No script, style, style attribute or handler stands in the page itself: the policy would refuse it."""
    attributes = {name for _, each in elements.found for name in each}

    assert [] == elements.inline
    assert "style" not in {tag for tag, _ in elements.found}
    assert set() == {name for name in attributes if name == "style" or name.startswith("on")}
    assert all(each.get("src") for tag, each in elements.found if tag == "script")


def test_the_page_refers_to_files_that_are_served(elements):
    """Each address in the page is relative, and is one of the files."""
    addresses = references(elements)

    assert addresses
    assert [] == [address for address in addresses if not address.startswith("ui/")]
    assert [] == [address for address in addresses if address.removeprefix("ui/") not in SERVED]


def test_the_page_leads_nowhere_else(elements):
    """What people can click on is relative, too: it stays below the page, on this host."""
    links = references(elements, links=True)

    assert links
    assert [] == [address for address in links if not re.fullmatch(r"[a-z.]+(/[a-z.]+)*", address)]


def test_scripts_import_what_is_served():
    """Each import is relative and leads to a script that is there."""
    wanted = {each for name in SCRIPTS for each in imports(name)}

    assert [] == [
        each for text in SCRIPTS.values() for each in IMPORT.findall(text) if not each.startswith(".")
    ]
    assert set() == {each for each in wanted if each not in SERVED}


def test_every_file_is_used(elements):
    """Nothing is served that the page does not load."""
    reached, waiting = {PAGE}, {address.removeprefix("ui/") for address in references(elements)}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= (imports(name) if name in SCRIPTS else set()) - reached

    assert set() == set(SERVED) - reached


@pytest.mark.parametrize("name", OURS)
def test_no_address_is_absolute(name):
    """Nothing leads to another host, or out of the folder the page lies in; namespaces are only names."""
    text = NAMESPACES.sub("", COMMENTS.sub("", OURS[name]))

    assert [] == ABSOLUTE.findall(text)


def test_absolute_addresses_would_be_found():
    """The expression above knows the forms that matter."""
    for text in ("href='/ui/x.css'", 'fetch("/api/x")', "url(/x.png)", "https://x.example", '"//x.example"'):
        assert ABSOLUTE.search(text), text
    for text in ('"ui/x.css"', "'./x.js'", "a / b", "'wa/x'", "</p>"):
        assert not ABSOLUTE.search(text), text
