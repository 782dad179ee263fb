"""Lines on doubly logarithmic axes as SVG, made by hand: legible on a light and on a dark page, and without colour."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, COLUMNS = 460, 340, 2
LEFT, RIGHT, TOP, BOTTOM = 52, 108, 34, 46
LINE = 14  # height of a label
Point = tuple[float, float]

# A line is known by its sign and by the name at its end as well. The colours stand apart for the colour-blind too.
STYLE = """
  .page { fill: #ffffff } text { font: 12px system-ui, sans-serif; fill: #1f2328 } .grid { stroke: #d8dee4 }
  .line { fill: none; stroke-width: 2 } .title { font-weight: 600 } .end { font-size: 11px }
  .c0 { --ink: #0b62c4 } .c1 { --ink: #b3450f } .c2 { --ink: #1a7f4b } .c3 { --ink: #8a3ea8 }
  .c4 { --ink: #8a6100 } .c5 { --ink: #57606a }
  .line { stroke: var(--ink) } .sign { fill: var(--ink) } text.end { fill: var(--ink) }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
    .c0 { --ink: #6cb0ff } .c1 { --ink: #ff9e6b } .c2 { --ink: #5fd38d } .c3 { --ink: #d2a0ee }
    .c4 { --ink: #e3b341 } .c5 { --ink: #a3adb8 }
  }
"""
SIGNS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",  # circle
    "M-4 -4h8v8h-8z",  # square
    "M0 -5l5 9h-10z",  # triangle
    "M0 -5l5 5l-5 5l-5 -5z",  # diamond
    "M0 5l5 -9h-10z",  # triangle upside down
    "M-5 -1.5h10v3h-10z",  # bar
)


class Panel(NamedTuple):
    """One pair of axes."""

    title: str
    lines: dict[str, list[Point]]
    """By name: points of ascending x, all over 0."""


class Scale(NamedTuple):
    """From numbers to places along an axis."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """Say where a number stands.

        >>> Scale(1, 100, 0, 50)(10)
        25.0
        """
        part = math.log(value / self.low) / math.log(self.high / self.low)
        return self.first + part * (self.last - self.first)


def ticks(low: float, high: float) -> list[float]:
    """Choose round numbers from one to the other: powers of ten, with 2 and 5 times them where there are few.

    >>> ticks(8, 1200), ticks(0.9, 6)
    ([10, 100, 1000], [1, 2, 5])
    """
    for steps in ((1,), (1, 3), (1, 2, 5)):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [step * 10**power if power >= 0 else step / 10**-power for power in powers for step in steps]
        found = [value for value in found if low <= value <= high]
        if len(found) >= 3:
            break
    return found


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move labels apart, as little as may be, and keep their order.

    >>> spread([10, 12, 50], 14)
    [4.0, 18.0, 50.0]
    """
    groups: list[tuple[float, int]] = []  # middle of labels that touch, and how many
    for place in sorted(places):
        middle, count = float(place), 1
        while groups and middle - groups[-1][0] < gap * (count + groups[-1][1]) / 2:
            before, more = groups.pop()
            middle, count = (middle * count + before * more) / (count + more), count + more
        groups.append((middle, count))
    ordered = iter([middle + gap * (at - (count - 1) / 2) for middle, count in groups for at in range(count)])
    moved = dict(zip(sorted(range(len(places)), key=places.__getitem__), ordered, strict=True))
    return [moved[at] for at in range(len(places))]


def draw(panels: Sequence[Panel], across: str, up: str) -> str:
    """Draw panels side by side.

    Args:
        panels: What to draw; those without a point are left empty.
        across: What x is.
        up: What y is.
    """
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    columns = min(COLUMNS, len(panels))
    width, height = WIDTH * columns, HEIGHT * math.ceil(len(panels) / columns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{escape(up)} against {escape(across)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{width}" height="{height}"/>',
    ]
    for number, panel in enumerate(panels):
        x, y = number % columns * WIDTH, number // columns * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, names, across, up), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, names: list[str], across: str, up: str) -> Iterable[str]:
    yield _text(LEFT, 20, panel.title, "title")
    lines = {name: points for name, points in panel.lines.items() if points}
    if not lines:
        return
    xs, ys = ([point[side] for points in lines.values() for point in points] for side in (0, 1))
    x = Scale(min(xs) * 0.9, max(xs) * 1.1, LEFT, WIDTH - RIGHT)
    y = Scale(min(ys) * 0.8, max(ys) * 1.25, HEIGHT - BOTTOM, TOP)
    yield from _axes(x, y, across, up)
    ends = spread([y(points[-1][1]) for points in lines.values()], LINE)
    for (name, points), end in zip(lines.items(), ends, strict=True):
        places = [(x(one), y(other)) for one, other in points]
        kind = names.index(name) % len(SIGNS)
        yield f'<g class="c{kind}">'
        yield f'<polyline class="line" points="{" ".join(f"{one:.1f},{other:.1f}" for one, other in places)}"/>'
        for one, other in places:
            yield f'<path class="sign" d="{SIGNS[kind]}" transform="translate({one:.1f} {other:.1f})"/>'
        yield f'<path class="sign" d="{SIGNS[kind]}" transform="translate({WIDTH - RIGHT + 14} {end:.1f})"/>'
        yield _text(WIDTH - RIGHT + 24, end + 4, name, "end") + "</g>"


def _axes(x: Scale, y: Scale, across: str, up: str) -> Iterable[str]:
    for value in ticks(x.low, x.high):
        yield f'<path class="grid" d="M{x(value):.1f} {y.first}V{y.last}"/>'
        yield _text(x(value), y.first + 16, f"{value:,g}", anchor="middle")
    for value in ticks(y.low, y.high):
        yield f'<path class="grid" d="M{x.first} {y(value):.1f}H{x.last}"/>'
        yield _text(x.first - 6, y(value) + 4, f"{value:,g}", anchor="end")
    yield _text((x.first + x.last) / 2, y.first + 36, across, anchor="middle")
    yield _text(-(y.first + y.last) / 2, 12, up, anchor="middle", turn=' transform="rotate(-90)"')


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start", turn: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape(words)}</text>'
