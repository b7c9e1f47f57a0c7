"""The network of ties as inline SVG: who is bound to whom on a day, each tie over time, skill over time.

Actors stand on a circle in the case's order, so that the same case gives the same picture on every day and in
every view of it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from tocsin.ask.ties import Bond, Learner, Stretch, Ties
from tocsin.show import wording as say
from tocsin.show.svg import Point, chart, path, tag

# The class of a tie's line or bar, and what it says.
TEACHES, BINDS, DIVIDES = "teaches", "binds", "divides"
LEGEND = (
    (TEACHES, "can teach"),
    (BINDS, "binds, but teaches nothing"),
    (DIVIDES, "divides"),
)


def manner(bond: Bond) -> str:
    """Whether a relation can teach, binds without teaching, or divides."""
    return TEACHES if bond.teaches else DIVIDES if bond.kind == "rivalry" else BINDS


def network(answer: Ties) -> Markup:
    """The ties that hold on the day, and dashed those that are broken; the fuller a dot, the more skill."""
    size, radius = 520.0, 170.0
    middle = size / 2
    count = max(len(answer.learners), 1)
    place = {
        one.id: (
            middle + radius * math.sin(2 * math.pi * k / count),
            middle - radius * math.cos(2 * math.pi * k / count),
        )
        for k, one in enumerate(answer.learners)
    }
    beside: dict[frozenset[str], list[Bond]] = {}
    for bond in answer.bonds:
        beside.setdefault(frozenset((bond.one, bond.other)), []).append(bond)
    lines = [
        _line(bond, place, position - (len(bonds) - 1) / 2)
        for bonds in beside.values()
        for position, bond in enumerate(bonds)
        if bond.one in place and bond.other in place
    ]
    holding = sum(bond.holds for bond in answer.bonds)
    return chart(
        size,
        size,
        f"Ties on {answer.head.as_of}",
        f"{say.counted(holding, 'tie')} hold; an arrow leads from patron, guarantor, trainer or host. "
        "The list below says the same in words.",
        *lines,
        *(part for k, one in enumerate(answer.learners) for part in _node(one, place[one.id], k / count)),
        kind="network",
    )


def _line(bond: Bond, place: dict[str, tuple[float, float]], beside: float) -> Markup:
    (x1, y1), (x2, y2) = place[bond.one], place[bond.other]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    # Lines of a pair bend away from each other, to the same sides whichever way they are written.
    turn = 1.0 if bond.one < bond.other else -1.0
    nx, ny = turn * (y1 - y2) / length, turn * (x2 - x1) / length
    bend = 44.0 * beside
    mx, my = (x1 + x2) / 2 + bend * nx, (y1 + y2) / 2 + bend * ny
    strength = bond.stretches[-1].strength
    parts = [
        tag(
            "path",
            tag("title", f"{bond.ref}, {_held(bond)}"),
            d=f"M{x1:.1f},{y1:.1f}Q{mx:.1f},{my:.1f} {x2:.1f},{y2:.1f}",
            class_=f"tie {manner(bond)}{'' if bond.holds else ' broken'}",
            stroke_width=round(0.8 + 2.4 * strength, 2) if bond.holds else 1.0,
        )
    ]
    if not bond.mutual and bond.holds:
        parts.append(_arrow((x1, y1), (mx, my), (x2, y2), manner(bond)))
    return Markup("").join(parts)


def _arrow(one: Point, bent: Point, other: Point, kind: str) -> Markup:
    """A head two thirds along the bent line, where no two actors' dots hide it."""
    t = 0.66
    both = list(zip(one, bent, other, strict=True))
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * m + t**2 * b for a, m, b in both)
    dx, dy = (2 * (1 - t) * (m - a) + 2 * t * (b - m) for a, m, b in both)
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    tip, wing, half = 6.0, 5.0, 4.0
    return tag(
        "path",
        d=path(
            [
                (x + tip * ux, y + tip * uy),
                (x - wing * ux - half * uy, y - wing * uy + half * ux),
                (x - wing * ux + half * uy, y - wing * uy - half * ux),
            ],
            True,
        ),
        class_=f"head {kind}",
    )


def _node(one: Learner, at: tuple[float, float], turn: float) -> tuple[Markup, ...]:
    x, y = at
    across = math.sin(2 * math.pi * turn)
    anchor = "start" if across > 0.1 else "end" if across < -0.1 else "middle"
    down = -math.cos(2 * math.pi * turn)
    return (
        tag("circle", cx=x, cy=y, r=11.0, class_="node"),
        tag(
            "circle",
            tag("title", f"{one.name}: skill {100 * one.skill:.0f} %"),
            cx=x,
            cy=y,
            r=round(11.0 * math.sqrt(one.skill), 2),
            class_="skill",
        ),
        tag(
            "text",
            one.id,
            x=x + 17 * across,
            y=y + 24 * down + 4,
            class_="name",
            text_anchor=anchor,
        ),
    )


def _held(bond: Bond) -> str:
    """When a relation held, in words."""
    return ", ".join(_held_once(stretch) for stretch in bond.stretches)


def timeline(answer: Ties) -> Markup:
    """Each relation as a row of bars from when it formed, the higher the stronger."""
    if not answer.bonds:
        return Markup("")
    row, left, right, top = 19.0, 262.0, 900.0, 6.0
    bottom = top + row * len(answer.bonds)
    first, last = answer.bonds[0].stretches[0].since, answer.head.as_of
    span = max((last - first).days, 1)

    def x(day: dt.date) -> float:
        return left + (right - left) * (day - first).days / span

    parts = [*_years(first, last, x, top, bottom)]
    for k, bond in enumerate(answer.bonds):
        base = top + row * (k + 1) - 4
        parts.append(tag("text", bond.ref, x=left - 8, y=base - 2, class_="label", text_anchor="end"))
        for stretch in bond.stretches:
            height = 3 + 10 * stretch.strength
            parts.append(
                tag(
                    "rect",
                    tag("title", f"{bond.ref}: strength {stretch.strength:g}, {_held_once(stretch)}"),
                    x=x(stretch.since),
                    y=base - height,
                    width=max(x(stretch.until or last) - x(stretch.since) - 1, 1),
                    height=height,
                    class_=f"stretch {manner(bond)}",
                )
            )
    return chart(
        right + 10,
        bottom + 20,
        f"Ties from {first.year} to {last.year}",
        "A bar is a time during which a tie held; its height is the tie's strength.",
        *parts,
        kind="timeline",
    )


def _held_once(stretch: Stretch) -> str:
    return f"{stretch.since} to {stretch.until}" if stretch.until else f"since {stretch.since}"


def _years(
    first: dt.date, last: dt.date, x: Callable[[dt.date], float], top: float, bottom: float
) -> Iterable[Markup]:
    """Upright lines at round years, no more than a dozen of them."""
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100) if (last.year - first.year) / n <= 12)
    for year in range(first.year + (-first.year) % every, last.year + 1, every):
        if first <= (day := dt.date(year, 1, 1)) <= last:
            yield tag("line", x1=x(day), x2=x(day), y1=top, y2=bottom, class_="grid")
            yield tag("text", f"{year}", x=x(day), y=bottom + 14, class_="label", text_anchor="middle")


def skills(learners: Sequence[Learner]) -> Markup:
    """The skills of some actors over the years."""
    moments = [level.day for one in learners for level in one.path]
    if len(set(moments)) < 2:
        return Markup("")
    width, height = 900.0, 260.0
    left, right, top, bottom = 36.0, 760.0, 8.0, height - 20.0
    first, last = min(moments), max(moments)

    def x(day: dt.date) -> float:
        return left + (right - left) * (day - first).days / max((last - first).days, 1)

    def y(share: float) -> float:
        return bottom - (bottom - top) * share

    parts = [*_years(first, last, x, top, bottom)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            tag("line", x1=left, x2=right, y1=y(share), y2=y(share), class_="grid"),
            tag("text", f"{100 * share:.0f}", x=left - 5, y=y(share) + 3, class_="label", text_anchor="end"),
        ]
    for k, one in enumerate(learners):
        parts.append(
            tag(
                "path",
                tag("title", f"{one.name}: from {100 * one.own:.0f} to {100 * one.skill:.0f} %"),
                d=path([(x(level.day), y(level.skill)) for level in one.path]),
                class_=f"path l{k % 6}",
            )
        )
    # Names beside the ends, pushed apart where they would cover each other.
    lowest = bottom + 4.0
    for one in sorted(learners, key=lambda one: one.skill):
        lowest = min(y(one.skill) + 4, lowest)
        parts.append(tag("text", f"{one.id} {100 * one.skill:.0f} %", x=right + 6, y=lowest, class_="label"))
        lowest -= 13.0
    return chart(
        width,
        height,
        "Skill at concealment over time",
        "The chance, before any report, that each of them would deceive; in per cent.",
        *parts,
        kind="skills",
    )
