"""Draw log-log line plots as SVG that are legible on light and dark pages and without colour."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, COLUMNS = 460, 340, 2
LEFT, RIGHT, TOP, BOTTOM = 52, 108, 34, 46
LABEL_HEIGHT = 14
Point = tuple[float, float]

# A marker and a label identify each line without its colour. The colours are distinct for colour-blind readers.
STYLE = """
  .page { fill: #ffffff } text { font: 12px system-ui, sans-serif; fill: #1f2328 } .grid { stroke: #d8dee4 }
  .line { fill: none; stroke-width: 2 } .title { font-weight: 600 } .end { font-size: 11px }
  .c0 { --ink: #0b62c4 } .c1 { --ink: #b3450f } .c2 { --ink: #1a7f4b } .c3 { --ink: #8a3ea8 }
  .c4 { --ink: #8a6100 } .c5 { --ink: #57606a }
  .line { stroke: var(--ink) } .marker { fill: var(--ink) } text.end { fill: var(--ink) }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
    .c0 { --ink: #6cb0ff } .c1 { --ink: #ff9e6b } .c2 { --ink: #5fd38d } .c3 { --ink: #d2a0ee }
    .c4 { --ink: #e3b341 } .c5 { --ink: #a3adb8 }
  }
"""
MARKERS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",  # circle
    "M-4 -4h8v8h-8z",  # square
    "M0 -5l5 9h-10z",  # triangle
    "M0 -5l5 5l-5 5l-5 -5z",  # diamond
    "M0 5l5 -9h-10z",  # triangle upside down
    "M-5 -1.5h10v3h-10z",  # bar
)


class Panel(NamedTuple):
    """A pair of axes with its lines."""

    title: str
    lines: dict[str, list[Point]]
    """Points of each line by name, in ascending x; all coordinates are greater than 0."""


class Scale(NamedTuple):
    """A logarithmic scale that maps numbers to positions along an axis."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """Return the position of a number.

        >>> Scale(1, 100, 0, 50)(10)
        25.0
        """
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.first + share * (self.last - self.first)


def ticks(low: float, high: float) -> list[float]:
    """Choose round numbers in a range: powers of ten, and 3 or 2 and 5 times these if there are fewer than three.

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


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Move labels apart as little as possible, in the same order.

    Args:
        positions: Wanted positions.
        gap: Least distance between two labels.

    >>> spread([10, 12, 50], 14)
    [4.0, 18.0, 50.0]
    """
    groups: list[tuple[float, int]] = []  # middle and number of labels that touch
    for position in sorted(positions):
        middle, count = float(position), 1
        while groups and middle - groups[-1][0] < gap * (count + groups[-1][1]) / 2:
            other_middle, other_count = groups.pop()
            middle = (middle * count + other_middle * other_count) / (count + other_count)
            count += other_count
        groups.append((middle, count))
    ordered = iter([middle + gap * (at - (count - 1) / 2) for middle, count in groups for at in range(count)])
    moved = dict(zip(sorted(range(len(positions)), key=positions.__getitem__), ordered, strict=True))
    return [moved[index] for index in range(len(positions))]


def draw(panels: Sequence[Panel], x_label: str, y_label: str) -> str:
    """Draw panels side by side.

    Args:
        panels: Panels to draw; a panel without points has no axes.
        x_label: Label of the x axis.
        y_label: Label of the y axis.
    """
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    columns = min(COLUMNS, len(panels))
    width, height = WIDTH * columns, HEIGHT * math.ceil(len(panels) / columns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{escape(y_label)} against {escape(x_label)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{width}" height="{height}"/>',
    ]
    for number, panel in enumerate(panels):
        left, top = number % columns * WIDTH, number // columns * HEIGHT
        parts += [f'<g transform="translate({left} {top})">', *_panel(panel, names, x_label, y_label), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, names: list[str], x_label: str, y_label: str) -> Iterable[str]:
    yield _text(LEFT, 20, panel.title, "title")
    lines = {name: points for name, points in panel.lines.items() if points}
    if not lines:
        return
    xs, ys = ([point[axis] for points in lines.values() for point in points] for axis in (0, 1))
    x = Scale(min(xs) * 0.9, max(xs) * 1.1, LEFT, WIDTH - RIGHT)
    y = Scale(min(ys) * 0.8, max(ys) * 1.25, HEIGHT - BOTTOM, TOP)
    yield from _axes(x, y, x_label, y_label)
    label_positions = spread([y(points[-1][1]) for points in lines.values()], LABEL_HEIGHT)
    for (name, points), label_y in zip(lines.items(), label_positions, strict=True):
        positions = [(x(horizontal), y(vertical)) for horizontal, vertical in points]
        style = names.index(name) % len(MARKERS)
        path = " ".join(f"{left:.1f},{top:.1f}" for left, top in positions)
        yield f'<g class="c{style}">'
        yield f'<polyline class="line" points="{path}"/>'
        for left, top in [*positions, (WIDTH - RIGHT + 14, label_y)]:
            yield f'<path class="marker" d="{MARKERS[style]}" transform="translate({left:.1f} {top:.1f})"/>'
        yield _text(WIDTH - RIGHT + 24, label_y + 4, name, "end") + "</g>"


def _axes(x: Scale, y: Scale, x_label: str, y_label: str) -> Iterable[str]:
    for value in ticks(x.low, x.high):
        yield f'<path class="grid" d="M{x(value):.1f} {y.first}V{y.last}"/>'
        yield _text(x(value), y.first + 16, f"{value:,g}", anchor="middle")
    for value in ticks(y.low, y.high):
        yield f'<path class="grid" d="M{x.first} {y(value):.1f}H{x.last}"/>'
        yield _text(x.first - 6, y(value) + 4, f"{value:,g}", anchor="end")
    yield _text((x.first + x.last) / 2, y.first + 36, x_label, anchor="middle")
    yield _text(-(y.first + y.last) / 2, 12, y_label, anchor="middle", turn=' transform="rotate(-90)"')


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start", turn: str = "") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape(words)}</text>'
