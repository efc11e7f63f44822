"""Writes what was measured into docs/performance.md, between its marks; what people wrote around them stays.

Arguments, all optional: the folder with the samples, and the page.
"""

import argparse
import os
import re
from pathlib import Path

from goals import HEAD, table, title, verdicts
from samples import PARTS, Part, shown

ROOT = Path(__file__).parents[2]
_END = "<!-- end -->"


def markdown(part: Part) -> str:
    """Give a part's table, with its notes."""
    lines = [HEAD, tuple("---" for _ in HEAD), *table(part.rows)]
    # A column without a word in it says nothing.
    kept = [column for column in range(len(HEAD)) if any(line[column] for line in lines[2:])]
    rows = ["| " + " | ".join(line[column] for column in kept) + " |" for line in lines]
    return "\n".join([*rows, *(f"\n{note}" for note in part.notes)])


def summary(parts: list[Part]) -> str:
    """Tell how many goals were reached, and which were not."""
    found = [each for part in parts for each in verdicts(part.rows)]
    missed = [each for each in found if not each.met]
    lines = [f"{len(found) - len(missed)} of {len(found)} goals were reached."]
    if missed:
        lines += ["Not reached:", ""]
        lines += [
            f"- {title(each.goal.figure)}, {each.goal.contestant}: {shown(each.value)}"
            f"{' ×' if each.goal.other else f' {each.unit}'}, to reach {each.goal.told(each.unit)}"
            for each in missed
        ]
    return "\n".join(lines)


def machines(parts: list[Part]) -> str:
    """Tell on what was measured: once if it was one run."""
    lines = ["| | |", "|---|---|"]
    for key in parts[0].machine:
        told = dict.fromkeys(part.machine[key] for part in parts)
        value = "; ".join(told)
        lines.append(f"| {key} | {f'`{value}`' if key == 'command' else value} |")
    return "\n".join(lines)


def fill(text: str, name: str, content: str) -> str:
    """Put content between a mark of that name and the end that follows it."""
    mark = f"<!-- bench: {name} -->"
    if text.count(mark) != 1:
        raise SystemExit(f"the page has {text.count(mark)} marks {mark}")
    pattern = re.compile(re.escape(mark) + r".*?" + re.escape(_END), re.DOTALL)
    return pattern.sub(lambda _: f"{mark}\n\n{content}\n\n{_END}", text, count=1)


def draw(part: Part, path: Path) -> bool:
    """Draw a part's picture, if it has one; whoever draws none needs no matplotlib."""
    from pictures import PICTURES, write  # noqa: PLC0415 - see above

    if part.name in PICTURES:
        write(part.name, part.rows, path)
    return part.name in PICTURES


def main() -> None:
    """Do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path, nargs="?", default=ROOT / "build" / "bench")
    parser.add_argument("page", type=Path, nargs="?", default=ROOT / "docs" / "performance.md")
    parser.add_argument(
        "--images", type=Path, help="the folder for pictures, which want matplotlib; without it none"
    )
    given = parser.parse_args()
    paths = [given.samples / f"{name}.json" for name in PARTS]
    parts = [Part.read(each) for each in paths if each.exists()]
    if not parts:
        raise SystemExit(f"nothing was measured: {given.samples} has no samples")
    text = fill(given.page.read_text(), "machine", machines(parts))
    text = fill(text, "summary", summary(parts))
    for part in parts:
        content = markdown(part)
        if given.images and draw(part, path := given.images / f"performance-{part.name}.svg"):
            content += f"\n\n![{part.name}]({os.path.relpath(path, given.page.parent)})"
        text = fill(text, part.name, content)
    given.page.write_text(text)
    print(f"{given.page} tells of {', '.join(part.name for part in parts)}")


if __name__ == "__main__":
    main()
