# ruff: noqa: INP001 - the scripts are no package
"""The rooms of wad, read from its source: the folders, what they say of themselves, and who imports whom.

A room is a folder below ``wad``, or a file beside them. Nothing of wad is imported: its source is enough.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

Ways = dict[str, set[str]]


def picture(wad: Path) -> Iterator[str]:
    """Draw the imports as a mermaid flow chart; an arrow that a longer way stands for is left out."""
    ways = _ways(wad)
    yield "flowchart TD"
    for room in _downwards(ways):
        further = set[str]().union(*(_reached(other, ways) for other in ways[room]))
        yield from (f"    {room} --> {other}" for other in sorted(ways[room] - further))


def rows(wad: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Give each room's name, the first line of its docstring, and what lies in it, the topmost room first."""
    for room in _downwards(_ways(wad)):
        inside = _inside(wad / room)
        summary = ast.get_docstring(_parsed(_files(wad, room)[0])) or ""
        yield f"{room}/" if inside else f"{room}.py", summary.partition("\n")[0], inside


def _ways(wad: Path) -> Ways:
    """Give the rooms, each with the others that it imports."""
    found = (path for path in wad.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file())
    return {path.stem: _imported(wad, path.stem) for path in found if not path.name.startswith("_")}


def _files(wad: Path, room: str) -> list[Path]:
    """Give a room's Python files, that with its docstring first."""
    return sorted((wad / room).rglob("*.py")) or [wad / f"{room}.py"]


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(wad: Path, room: str) -> set[str]:
    """Give the other rooms that are imported anywhere in a room's files."""
    nodes = (node for path in _files(wad, room) for node in ast.walk(_parsed(path)))
    names = (node.module or "" for node in nodes if isinstance(node, ast.ImportFrom))
    return {name.split(".")[1] for name in names if name.startswith("wad.")} - {room}


def _reached(room: str, ways: Ways) -> set[str]:
    """Give all that a room leads to, in one step or in many."""
    return ways[room].union(*(_reached(other, ways) for other in ways[room]))


def _downwards(ways: Ways) -> list[str]:
    """Put the rooms in order: each stands above all that it leads to."""
    return sorted(ways, key=lambda room: (-len(_reached(room, ways)), room))


def _inside(folder: Path) -> list[str]:
    """Name what lies in a folder: its modules, and its folders with a slash."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [
        f"{path.name}/" if path.is_dir() else path.stem for path in found if not path.name.startswith("_")
    ]
