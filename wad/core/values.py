"""`dataclass`, as the standard library's, for the values wad is made of: the same, in a third of the time.

The standard library compiles six methods for each frozen class, at each start: with some hundred and
eighty classes that was 80 ms and 1 MB of the daemon (measured with Python 3.11). Here the initialiser alone
is compiled; to compare, to show and to refuse a change are functions that know their class's fields.
Whatever else of `dataclasses` there is works with both: `fields`, `replace`, `asdict`, `is_dataclass`.
"""

import dataclasses
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    # Who checks types shall see what it knows.
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - so that it may be imported from here
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, **more: bool
    ) -> Any:
        """Make a dataclass; the arguments are those of `dataclasses.dataclass`, and what comes of it, too.

        Of a class that is frozen, and has slots, the methods are made here; of every other by the library.
        """
        quick = frozen and slots and more.keys() <= {"weakref_slot"}

        def made(plain: type) -> type:
            if not quick:
                return dataclasses.dataclass(frozen=frozen, slots=slots, **more)(plain)
            return _with_methods(
                dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, **more)(plain)
            )

        return made if cls is None else made(cls)


def _with_methods(cls: type[Any]) -> type[Any]:
    """Give a class of slots what a frozen one has; what it has of its own it keeps."""
    every = fields(cls)
    compared = _getter(tuple(each.name for each in every if each.compare))

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(compared(self) == compared(other))

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(compared(self))

    shown = tuple(each.name for each in every if each.repr)

    def __repr__(self: Any) -> str:  # noqa: N807
        inside = ", ".join([f"{name}={getattr(self, name)!r}" for name in shown])
        return f"{self.__class__.__qualname__}({inside})"

    own = vars(cls)
    if "__eq__" not in own:
        cls.__eq__ = __eq__  # type: ignore[assignment]
    # A class that says how it is compared, and not how it is hashed, has None there.
    if own.get("__hash__") is None:
        cls.__hash__ = __hash__  # type: ignore[assignment]
    if "__repr__" not in own:
        cls.__repr__ = recursive_repr()(__repr__)  # type: ignore[assignment]
    cls.__init__ = _initialiser(cls, every)
    cls.__setattr__ = cls.__delattr__ = _refuse  # type: ignore[assignment]
    cls.__reduce__ = _reduce  # type: ignore[assignment]
    return cls


def _getter(names: tuple[str, ...]) -> Any:
    """Give what takes these attributes from an object, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    raise FrozenInstanceError(f"cannot change {name!r} of {type(self).__qualname__}")


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), tuple([getattr(self, each.name) for each in fields(self)])


def _initialiser(cls: type[Any], every: tuple[Field[Any], ...]) -> Any:
    """Compile the initialiser: it fills the slots by what fills them, past `__setattr__`."""
    names: dict[str, Any] = {}
    parameters, lines = [], []
    for each in every:
        name = each.name
        names[f"_set_{name}"] = getattr(cls, name).__set__
        given = name
        if each.default_factory is not MISSING:
            names[f"_make_{name}"] = each.default_factory
            names["_missing"] = MISSING
            parameters.append(f"{name}=_missing")
            given = f"_make_{name}() if {name} is _missing else {name}"
        elif each.default is not MISSING:
            names[f"_default_{name}"] = each.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f" _set_{name}(self, {given})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    head = f"def __init__({', '.join(['self', *parameters])}):"
    exec("\n".join([head, *(lines or [" pass"])]), names)  # noqa: S102 - of our own names, as `dataclasses` does
    made = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made
