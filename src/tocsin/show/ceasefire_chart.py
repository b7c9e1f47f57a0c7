"""The charts of a deal: its bargaining range as the war goes on, and the chances of agreeing and signing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from markupsafe import Markup

from tocsin.ask.ceasefire.answer import RangeWeek, Settlement
from tocsin.show import svg
from tocsin.show import wording as say

WIDTH, LEFT, RIGHT = 620.0, 40.0, 560.0


def _days(weeks: Sequence[RangeWeek]) -> tuple[dt.date, dt.date, Callable[[dt.date], float]]:
    first, last = weeks[0].day, weeks[-1].day
    span = max((last - first).days, 1)
    return first, last, lambda day: LEFT + (RIGHT - LEFT) * (day - first).days / span


def range_over_time(deal: Settlement) -> Markup:
    """What the one needs and what the other can give, week by week; where they overlap the range is open."""
    weeks = deal.weeks
    if len(weeks) < 2:
        return Markup("")
    top, bottom, height = 18.0, 190.0, 212.0
    first, last, x = _days(weeks)
    ends = [end for week in weeks for end in (week.least, week.most)]
    low = min(0.0, *(end.quarter for end in ends))
    high = max(0.0, *(end.three_quarters for end in ends))
    span = max(high - low, 1.0)
    low, high = low - 0.06 * span, high + 0.06 * span

    def y(nats: float) -> float:
        return bottom - (bottom - top) * (nats - low) / (high - low)

    parts: list[Markup] = []
    for nats in _ticks(low, high):
        parts += [
            svg.tag(
                "line", x1=LEFT, x2=RIGHT, y1=y(nats), y2=y(nats), class_="axis" if nats == 0.0 else "grid"
            ),
            svg.tag(
                "text", say.plus(nats, 0 if nats == int(nats) else 1), x=LEFT - 5, y=y(nats) + 3,
                class_="label", text_anchor="end",
            ),
        ]  # fmt: skip
    one, other = deal.between
    for name, colour, ends_of in (
        (f"{one} can give", "d0", [week.most for week in weeks]),
        (f"{other} needs", "d2", [week.least for week in weeks]),
    ):
        upper = [(x(week.day), y(end.three_quarters)) for week, end in zip(weeks, ends_of, strict=True)]
        lower = [(x(week.day), y(end.quarter)) for week, end in zip(weeks, ends_of, strict=True)]
        middle = [(x(week.day), y(end.median.value)) for week, end in zip(weeks, ends_of, strict=True)]
        parts += [
            svg.tag(
                "path", svg.tag("title", f"{name}: middle half"), d=svg.path([*upper, *lower[::-1]], True),
                class_=f"area half {colour}",
            ),
            svg.tag("path", svg.tag("title", f"{name}: median"), d=svg.path(middle), class_=f"edge {colour}"),
        ]  # fmt: skip
    found = weeks[0]
    return svg.chart(
        WIDTH,
        height,
        f"Bargaining range of {deal.name} over time, in nats",
        f"Now {other} needs {say.plus(found.least.median.value)} and {one} can give "
        f"{say.plus(found.most.median.value)}; at the end {say.plus(weeks[-1].least.median.value)} and "
        f"{say.plus(weeks[-1].most.median.value)} (medians).",
        *parts,
        *svg.time_axis(first, last, LEFT, RIGHT, bottom, 7),
        kind="time",
    )


def worth_bar(nats: float, spread: float, largest: float, label: str) -> Markup:
    """What one consideration says: to the right for signing, to the left for going on."""
    width, y = 220.0, 8.0
    middle = width / 2.0
    scale = (middle - 6.0) / max(largest, 1e-9)
    end = middle + nats * scale
    low, high = (min(max(middle + (nats + s * spread) * scale, 0.0), width) for s in (-1, 1))
    return svg.chart(
        width,
        16.0,
        f"{label}: {say.plus(nats, 2)} nats",
        f"It speaks for {'signing' if nats > 0 else 'going on'}; the thin line is one posterior standard "
        "deviation either side.",
        svg.tag("line", x1=middle, x2=middle, y1=0.0, y2=16.0, class_="axis"),
        svg.tag(
            "rect", x=min(middle, end), y=y - 5, width=abs(end - middle), height=10.0,
            class_="down" if nats > 0 else "up",
        ),
        svg.tag("line", x1=low, x2=high, y1=y, y2=y, class_="whisker"),
        kind="bar",
    )  # fmt: skip


def chances_over_time(deal: Settlement) -> Markup:
    """Chances that the range is open, that both accept, and that the deal has been signed."""
    weeks = deal.weeks
    if len(weeks) < 2:
        return Markup("")
    top, bottom, height = 10.0, 130.0, 152.0
    first, last, x = _days(weeks)

    def y(p: float) -> float:
        return bottom - (bottom - top) * min(max(p, 0.0), 1.0)

    lines = []
    for name, colour, chances in (
        ("range open", "d0", [week.open.probability for week in weeks]),
        ("both accept, if talks are held", "d1", [week.agreed.probability for week in weeks]),
        ("signed", "d4", [entry.chance.probability for entry in deal.signed]),
    ):
        points = [(x(week.day), y(p)) for week, p in zip(weeks, chances, strict=True)]
        lines.append(svg.tag("path", svg.tag("title", name), d=svg.path(points), class_=f"edge {colour}"))
    return svg.chart(
        WIDTH,
        height,
        f"Chances of {deal.name} over time, in percent",
        f"Range open: {say.percent(weeks[0].open)} now, {say.percent(weeks[-1].open)} at the end. Signed by "
        f"then: {say.percent(deal.signed[-1].chance)}.",
        *svg.share_axis(LEFT, RIGHT, y),
        *lines,
        *svg.time_axis(first, last, LEFT, RIGHT, bottom, 7),
        kind="time",
    )


def _ticks(low: float, high: float) -> list[float]:
    """Round figures between two others, 0 among them if it lies there.

    Examples
    --------
    >>> _ticks(-3.2, 7.1)
    [-2.0, 0.0, 2.0, 4.0, 6.0]
    """
    step = next((s for s in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if (high - low) / s <= 9.0), 20.0)
    first = int(-(-low // step))
    return [round(k * step, 6) for k in range(first, int(high // step) + 1)]


__all__ = ["chances_over_time", "range_over_time", "worth_bar"]
