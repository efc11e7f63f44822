"""Draws what a soak saw: a small chart for each thing that was looked at, and a mark for each fault."""

from soak import BOUNDS, Sample

_WIDE, _HIGH, _LEFT, _TOP = 640, 90, 110, 24
_COLOURS = {"line": "#1f7a5a", "fault": "#d9822b", "text": "#444", "frame": "#ccc"}
_UNITS = {"memory": "MiB (PSS)", "database": "MiB", "wal": "MiB"}


def draw(samples: list[Sample], faults: list[tuple[float, str]], title: str) -> str:
    """Give an SVG of the samples, the first at the left."""
    end = samples[-1].at
    high = _TOP + len(BOUNDS) * (_HIGH + 14) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 20} {high}"',
        'font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="8" y="16" fill="{_COLOURS["text"]}">{title}</text>',
    ]
    for row, name in enumerate(BOUNDS):
        parts += _chart(name, samples, faults, end, _TOP + row * (_HIGH + 14))
    return "\n".join([*parts, "</svg>", ""])


def _chart(
    name: str, samples: list[Sample], faults: list[tuple[float, str]], end: float, top: float
) -> list[str]:
    values = [float(getattr(each, name)) for each in samples]
    most = max(*values, 1.0) * 1.1
    points = " ".join(
        f"{_LEFT + _WIDE * each.at / end:.1f},{top + _HIGH * (1 - value / most):.1f}"
        for each, value in zip(samples, values, strict=True)
    )
    marks = [
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + _HIGH - 6}" y2="{top + _HIGH}" stroke="{_COLOURS["fault"]}"/>'
        for x in (_LEFT + _WIDE * at / end for at, _ in faults)
    ]
    return [
        f'<rect x="{_LEFT}" y="{top}" width="{_WIDE}" height="{_HIGH}" fill="none" stroke="{_COLOURS["frame"]}"/>',
        f'<text x="8" y="{top + 16}" fill="{_COLOURS["text"]}">{name}</text>',
        f'<text x="8" y="{top + 32}" fill="{_COLOURS["text"]}">{_UNITS.get(name, "")}</text>',
        f'<text x="8" y="{top + _HIGH - 4}" fill="{_COLOURS["text"]}">to {most:.0f}</text>',
        *marks,
        f'<polyline points="{points}" fill="none" stroke="{_COLOURS["line"]}" stroke-width="1.5"/>',
    ]
