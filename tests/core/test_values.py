"""The values' own `dataclass` does what the standard library's does, for each form of class wad has."""

import copy
import dataclasses
import pickle
import weakref
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest

from wad.core import values

BOTH = [dataclasses.dataclass, values.dataclass]


def forms(dataclass: Any) -> dict[str, type]:
    """Give one class for each form, made by one of the two."""
    value = dataclass(frozen=True, slots=True)

    @value
    class Empty:
        pass

    @value
    class One:
        text: str

    @value
    class Several:
        text: str
        secret: str = field(default="s", repr=False)
        note: str = field(default="n", compare=False)
        parts: tuple[int, ...] = ()

    @value
    class Made:
        parts: list[int] = field(default_factory=list)

    @value
    class Checked:
        number: int

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("negative")

    @value
    class Child(One):
        more: int = 1

    @value
    class Own:  # noqa: PLW1641 - its hash is what is asked about
        text: str

        def __repr__(self) -> str:
            return "mine"

        def __eq__(self, other: object) -> bool:
            return True

    @value
    class Hashed:
        text: str

        def __hash__(self) -> int:
            return 7

    @dataclass(frozen=True, slots=True, weakref_slot=True)
    class Weak:
        text: str

    return {each.__name__: each for each in (Empty, One, Several, Made, Checked, Child, Own, Hashed, Weak)}


NAMES = tuple(forms(values.dataclass))
GIVEN: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "Empty": [((), {}), ((), {})],
    "One": [(("a",), {}), ((), {"text": "a"}), (("b",), {})],
    "Several": [
        (("a",), {}),
        (("a", "other"), {}),
        (("a",), {"note": "other"}),
        (("a",), {"parts": (1,)}),
        (("b", "s", "n", ()), {}),
    ],
    "Made": [((), {}), (([],), {}), (([1],), {})],
    "Checked": [((1,), {}), ((2,), {})],
    "Child": [(("a",), {}), (("a", 2), {}), (("b",), {"more": 1})],
    "Own": [(("a",), {}), (("b",), {})],
    "Hashed": [(("a",), {}), (("b",), {})],
    "Weak": [(("a",), {}), (("b",), {})],
}


def made(dataclass: Any, name: str) -> list[Any]:
    cls = forms(dataclass)[name]
    return [cls(*positional, **named) for positional, named in GIVEN[name]]


def hashed(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return TypeError
    return int


@pytest.mark.parametrize("name", NAMES)
def test_the_same_is_shown_and_compared(name):
    """How each is shown, which are equal, whether they have a hash, and that equal ones have one hash."""
    theirs, ours = [
        (
            # Where it was defined is part of its name, and the same for both.
            [repr(each) for each in every],
            [[a == b for a in every] for b in every],
            [hashed(each) for each in every],
            [dataclasses.asdict(each) for each in every],
            type(every[0]).__match_args__,
        )
        for every in (made(dataclass, name) for dataclass in BOTH)
    ]
    assert theirs == ours
    mine = made(values.dataclass, name)
    if int in ours[2] and name != "Own":
        assert [] == [(a, b) for a in mine for b in mine if a == b and hash(a) != hash(b)]


@pytest.mark.parametrize("dataclass", BOTH, ids=["library", "ours"])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "Empty"])
def test_nothing_changes_them(dataclass, name):
    """To set a field, or one that is not there, or to delete one, raises; and nothing has changed."""
    value = made(dataclass, name)[0]
    first = dataclasses.fields(value)[0].name
    before = getattr(value, first)
    for change in (
        lambda: setattr(value, first, "x"),
        lambda: delattr(value, first),
    ):
        with pytest.raises(FrozenInstanceError, match=first):
            change()
    # The library's own raises TypeError for what is no field.
    with pytest.raises((FrozenInstanceError, TypeError)):
        value.unknown = 1
    assert before == getattr(value, first)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("dataclass", BOTH, ids=["library", "ours"])
def test_wrong_arguments_are_refused(dataclass):
    """As any function refuses them, by name."""
    cls = forms(dataclass)["Several"]
    with pytest.raises(TypeError, match="text"):
        cls()
    with pytest.raises(TypeError, match="unknown"):
        cls("a", unknown=1)
    with pytest.raises(TypeError, match="text"):
        cls("a", text="b")
    with pytest.raises(ValueError, match="negative"):
        forms(dataclass)["Checked"](-1)


@pytest.mark.parametrize("dataclass", BOTH, ids=["library", "ours"])
def test_a_factory_makes_a_new_one_each_time(dataclass):
    """No two values share what a factory made."""
    cls = forms(dataclass)["Made"]
    assert cls().parts is not cls().parts


@pytest.mark.parametrize("dataclass", BOTH, ids=["library", "ours"])
def test_another_is_made_of_one(dataclass):
    """`replace` goes through the initialiser, with its checks; the first stays as it was."""
    checked = forms(dataclass)["Checked"](1)
    assert (2, 1) == (dataclasses.replace(checked, number=2).number, checked.number)
    with pytest.raises(ValueError, match="negative"):
        dataclasses.replace(checked, number=-1)


def test_different_classes_are_never_equal():
    """Not even with the same fields, nor a class and its child."""
    cls = forms(values.dataclass)
    assert cls["One"]("a") != cls["Weak"]("a")
    assert cls["One"]("a") != cls["Child"]("a")


def test_a_value_that_holds_itself_is_shown():
    """Without an end to it, but for the dots the library has there, too."""
    value = forms(values.dataclass)["Made"]()
    value.parts.append(value)
    assert f"{type(value).__qualname__}(parts=[...])" == repr(value)


def test_they_are_copied_and_referred_to_weakly():
    """By copy, by deepcopy and by pickle they come out equal."""
    value = Kept("a", (1, 2))
    assert [value] * 3 == [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]
    weak = forms(values.dataclass)["Weak"]("a")
    assert weak is weakref.ref(weak)()


def test_another_form_is_the_library_s():
    """What may change, or has no slots, is made by the library as before."""

    @values.dataclass
    class Changing:
        text: str = "a"

    @values.dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        text: str

    changing = Changing()
    changing.text = "b"
    assert ("b", "c") == (changing.text, Named(text="c").text)


@values.dataclass(frozen=True, slots=True)
class Kept:
    """Found again by name, as pickle has to."""

    text: str
    numbers: tuple[int, ...]
