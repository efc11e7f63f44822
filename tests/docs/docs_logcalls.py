"""Finds every line that wad can log, by reading its source.

Rules of this file:

* A log is what `structlog.get_logger` gives, or a name ``log`` or ``_log``; each call of a level on it is a line.
* A method that is handed on uncalled (``write = log.info``) is called by the name ``write``.
* A line whose event or facts cannot be told from the source is an error: it would be missing from the docs.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# structlog's `exception` is `error` with a traceback.
LEVELS = {name: name for name in ("debug", "info", "warning", "error", "critical")} | {"exception": "error"}
_HANDED_ON = "write"
_NAMES = {"log", "_log"}


@dataclass(slots=True)
class Event:
    """One event: the levels it is logged at, and the names of its facts."""

    levels: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)


def events_in(root: Path) -> dict[str, Event]:
    """Give the events of all Python files below `root`, by name."""
    found: dict[str, Event] = defaultdict(Event)
    for path in sorted(root.rglob("*.py")):
        for name, levels, facts in _Module(path).lines():
            found[name].levels |= levels
            found[name].facts |= facts
    return dict(found)


class _Module:
    """One source file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tree = ast.parse(path.read_text(encoding="utf-8"))
        self._called = {id(node.func) for node in ast.walk(self._tree) if isinstance(node, ast.Call)}

    def lines(self) -> Iterator[tuple[str, set[str], set[str]]]:
        """Give event, levels and facts of each call."""
        handed_on = {LEVELS[node.attr] for node in self._methods() if id(node) not in self._called}
        for function in self._functions():
            for call in _own(function, ast.Call):
                levels = self._levels(call.func, handed_on)
                for name in self._names(call, function) if levels else ():
                    yield name, levels, self._facts(call, function)

    def _functions(self) -> Iterator[ast.AST]:
        yield self._tree
        yield from (node for node in ast.walk(self._tree) if isinstance(node, _FUNCTIONS))

    def _methods(self) -> Iterator[ast.Attribute]:
        return (node for node in ast.walk(self._tree) if isinstance(node, ast.Attribute) and _is_method(node))

    def _levels(self, called: ast.expr, handed_on: set[str]) -> set[str]:
        if isinstance(called, ast.Attribute) and _is_method(called):
            return {LEVELS[called.attr]}
        return handed_on if isinstance(called, ast.Name) and called.id == _HANDED_ON else set()

    def _names(self, call: ast.Call, function: ast.AST) -> list[str]:
        if not call.args:
            raise self._unclear(call)
        return self._texts(call.args[0], function, call)

    def _texts(self, given: ast.expr, function: ast.AST, call: ast.Call) -> list[str]:
        """Give the texts an expression may have: of a literal, a local name, or a table's row."""
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return [given.value]
        if isinstance(given, ast.JoinedStr):
            return ["".join(p.value if isinstance(p, ast.Constant) else "…" for p in given.values)]
        if isinstance(given, ast.Subscript) and isinstance(given.value, ast.Name):
            table = self._assigned(given.value.id, self._tree, call)
            if isinstance(table, ast.Dict):
                return [text for row in table.values for text in self._texts(row, function, call)]
        if isinstance(given, ast.Name):
            return self._texts(self._assigned(given.id, function, call), function, call)
        raise self._unclear(call)

    def _facts(self, call: ast.Call, function: ast.AST) -> set[str]:
        facts = (
            {"exception"} if isinstance(call.func, ast.Attribute) and call.func.attr == "exception" else set()
        )
        for keyword in call.keywords:
            if keyword.arg is not None:
                facts.add("exception" if keyword.arg == "exc_info" else keyword.arg)
                continue
            more = keyword.value
            if isinstance(more, ast.Name):
                more = self._assigned(more.id, function, call)
            if not isinstance(more, ast.Dict):
                raise self._unclear(call)
            facts |= {key.value for key in more.keys if isinstance(key, ast.Constant)}
        return facts

    def _assigned(self, name: str, scope: ast.AST, call: ast.Call) -> ast.expr:
        for node in _own(scope, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is not None and [name] == [t.id for t in targets if isinstance(t, ast.Name)]:
                return node.value
        raise self._unclear(call)

    def _unclear(self, call: ast.Call) -> AssertionError:
        return AssertionError(
            f"{self._path}:{call.lineno}: what is logged here cannot be told from the source"
        )


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _own(scope: ast.AST, kind: type) -> Iterator[ast.AST]:
    """Give the nodes of a kind in a scope, without those of the functions within it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, kind):
            yield child
        if not isinstance(child, _FUNCTIONS):
            yield from _own(child, kind)


def _is_method(node: ast.Attribute) -> bool:
    if node.attr not in LEVELS:
        return False
    log = node.value
    if isinstance(log, ast.Call):
        return isinstance(log.func, ast.Attribute) and log.func.attr == "get_logger"
    return isinstance(log, ast.Name) and log.id in _NAMES
