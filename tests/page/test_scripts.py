"""The scripts for the page: each is one function expression, and what is made of them is JavaScript."""

import json
import subprocess
from importlib.resources import files

import pytest

from wad.page import scripts

NAMES = sorted(
    entry.name.removesuffix(".js")
    for entry in files("wad.page").joinpath("js").iterdir()
    if entry.name.endswith(".js")
)
HOSTILE = "'\"`\\\n</script>\u2028${1}*/ //"


def check(code: str) -> str:
    """Let node read a program, and give its complaint."""
    return subprocess.run(
        ["node", "--check", "-"], input=code, capture_output=True, text=True, check=False
    ).stderr


def run(code: str) -> object:
    """Let node give an expression's value."""
    program = f"process.stdout.write(JSON.stringify(await ({code}\n)) ?? 'null')"
    command = ["node", "--input-type=module", "-"]
    done = subprocess.run(command, input=program, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_one_function_expression(name):
    """Each file is one function and nothing else."""
    assert check(f"const f = (\n{scripts.source(name)}\n);") == ""
    assert run(f"typeof (\n{scripts.source(name)}\n)") == "function"


def test_every_script_is_used():
    """No file lies about that nothing puts together."""
    made = scripts.observer("k", 1, 2) + scripts.attach("k", "b") + scripts.snapshot("k")
    made += "".join(scripts.with_modules(name) for name in ("logout", "diagnose", "shows_account"))
    made += scripts.with_modules("check_names", ["A.b()"])
    made += "".join(scripts.on_demand(name) for name in ("refresh", "pair"))
    made += scripts.draws(1) + scripts.mail("k", "d", 1, 1) + scripts.mail_call("k", "d", "take", 0)
    made += scripts.file_field() + scripts.take_file("k", "t") + scripts.held_file("k", "t")

    assert [] == [name for name in NAMES if scripts.source(name) not in made]


@pytest.mark.parametrize(
    "code",
    [
        scripts.observer("key", 1, 2),
        scripts.observer(HOSTILE, 1.5, 2),
        scripts.attach(HOSTILE, HOSTILE),
        scripts.snapshot(HOSTILE),
        scripts.take_file(HOSTILE, HOSTILE),
        scripts.held_file(HOSTILE, HOSTILE),
        *(scripts.with_modules(name) for name in ("logout", "diagnose", "shows_account")),
        scripts.with_modules("check_names", [HOSTILE, "A.b()"]),
        scripts.on_demand("refresh", HOSTILE),
        scripts.on_demand("pair", HOSTILE, HOSTILE, 1.5),
    ],
)
def test_what_is_put_together(code):
    """The expressions parse, whatever the arguments hold."""
    assert check(f"const value = {code};") == ""


def test_arguments_travel_unchanged():
    """A text comes out in the page as it went in."""
    given = scripts.applied("snapshot", json.dumps(HOSTILE)).replace(scripts.source("snapshot"), "(x) => x")

    assert run(given) == HOSTILE


PAGE = """
(() => {
  globalThis.window = globalThis;
  let ran = [];
  const map = { Ready: { factoryFinished: true }, Late: { factoryFinished: false } };
  globalThis.require = (id) => {
    if (id === '__debug') return { modulesMap: map };
    ran.push(id);
    return { id };
  };
  const moduleOf = (%s);
  const got = ['Ready', 'Late', 'Unknown'].map((id) => moduleOf(id));
  delete globalThis.require;
  return { got: [...got, moduleOf('Ready')], ran };
})()
"""


def test_no_module_is_run():
    """A module that has not run is not required, for that would break the page; none is there without a loader."""
    given = run(PAGE % scripts.source("module_of"))

    assert given == {"got": [{"id": "Ready"}, None, None, None], "ran": ["Ready"]}


NAMED = """
(() => {
  globalThis.window = globalThis;
  class Model { get odd() { throw new Error('not yet'); } }
  const modules = {
    Ready: { Model: new Model(), name: undefined, call: () => 1, text: 'x', none: null },
    WAWebBuildConstants: { VERSION_STR: '2.3' },
    Late: {},
  };
  const ran = [];
  const modulesMap = Object.fromEntries(Object.keys(modules).map((id) => [id, { factoryFinished: id !== 'Late' }]));
  globalThis.require = (id) => (id === '__debug' ? { modulesMap } : (ran.push(id), modules[id]));
  const told = (%s)((%s), %s);
  delete globalThis.require;
  return { ...told, late: ran.includes('Late') };
})()
"""
TOLD = {
    "Ready.name": True,
    "Ready.call()": True,
    "Ready.none": True,
    "Ready.Model.odd": None,
    "Ready.text()": False,
    "Ready.gone": False,
    "Ready.gone.further": False,
    "Ready.none.further": False,
    "Ready.text.length": True,
    "Late.anything()": None,
    "Unknown.anything": False,
}


def test_names_that_are_there():
    """A name is there, not there, or cannot be told; a module that has not run is left so."""
    sources = (scripts.source(name) for name in ("check_names", "module_of"))
    given = run(NAMED % (*sources, json.dumps([*TOLD])))

    assert {"version": "2.3", "linked": None, "found": TOLD, "late": False} == given


OBSERVED = """
(async () => {
  globalThis.window = globalThis.top = globalThis;
  globalThis.document = { querySelector: () => null, documentElement: null, readyState: 'loading' };
  globalThis.location = { search: '' };
  globalThis.addEventListener = () => {};
  globalThis.MutationObserver = class {};
  globalThis.setTimeout = () => {};
  (%s);
  const told = [];
  globalThis.b = (...texts) => {
    if (texts.length !== 1 || typeof texts[0] !== 'string') throw new Error('exactly one string');
    told.push(JSON.parse(texts[0]).serial);
  };
  const attached = (%s);
  return { attached, told, left: 'b' in globalThis, again: (%s) };
})()
"""


def test_what_was_seen_before_anybody_listened():
    """The observer's first word waits for the binding, which is out of the page's sight then."""
    attach = scripts.attach("k", "b")
    given = run(OBSERVED % (scripts.observer("k", 1, 2, 3), attach, attach))

    assert {"attached": True, "told": [1], "left": False, "again": False} == given
