"""The charts of `collect`: curves of warning, weeks of warning, and shares now and at the optimum."""

from __future__ import annotations

from markupsafe import Markup

from tocsin.ask.collect.answer import FrontWarning
from tocsin.ask.estimate import Number
from tocsin.show import wording as say
from tocsin.show.svg import chart, path, tag


def number(value: Number, digits: int = 2) -> str:
    """A number of [0, 1] and its error, with a digit more where the error would else be nothing.

    Examples
    --------
    >>> number(Number(value=0.6512, mc_error=0.012)), number(Number(value=0.6512, mc_error=0.003))
    ('0.65 ±0.01', '0.651 ±0.003')
    """
    if 0.0 < value.mc_error < 0.5 * 10.0**-digits:
        digits += 1
    return f"{value.value:.{digits}f} ±{value.mc_error:.{digits}f}"


def curves(front: FrontWarning) -> Markup:
    """The curve of warning, and beside it how long before attacks are told."""
    told = number(front.auc) if front.auc else "none"
    return chart(
        530.0,
        210.0,
        f"Warning of attacks on {front.front}",
        f"Left: hits by false alarms, in percent; area {told}; the dashed line is blind. Right: share of "
        "attacks told at least so many weeks before, by the rate of false alarms a quarter.",
        *_roc(front),
        tag("g", *_leads(front), transform="translate(220 0)"),
        kind="time",
    )


def _roc(front: FrontWarning) -> list[Markup]:
    size, left, top = 210.0, 30.0, 8.0
    side = size - left - 22.0

    def x(p: float) -> float:
        return left + side * p

    def y(p: float) -> float:
        return top + side * (1.0 - p)

    ticks = [
        part
        for p in (0.0, 0.5, 1.0)
        for part in (
            tag("line", x1=x(0), x2=x(1), y1=y(p), y2=y(p), class_="grid"),
            tag("text", f"{100 * p:.0f}", x=left - 4, y=y(p) + 3, class_="label", text_anchor="end"),
            tag("text", f"{100 * p:.0f}", x=x(p), y=y(0) + 14, class_="label", text_anchor="middle"),
        )
    ]
    points = [(x(point.false_alarm), y(point.hit)) for point in front.roc]
    return [
        *ticks,
        tag("line", x1=x(0), x2=x(1), y1=y(0), y2=y(1), class_="prior dashed"),
        tag("path", d=path(points), class_="line"),
        tag("text", "false alarms, %", x=x(0.5), y=size - 2, class_="label", text_anchor="middle"),
    ]


def _leads(front: FrontWarning) -> list[Markup]:
    width, height, left, top = 300.0, 210.0, 34.0, 8.0
    bottom, right = height - 34.0, width - 34.0
    weeks = max((lead.weeks for alarm in front.alarms for lead in alarm.leads), default=1.0)
    highest = max((alarm.leads[0].warned.probability for alarm in front.alarms if alarm.leads), default=0.0)
    ceiling = next(limit for limit in (0.1, 0.25, 0.5, 1.0) if highest <= limit)

    def x(week: float) -> float:
        return left + (right - left) * (week - 1.0) / max(weeks - 1.0, 1.0)

    def y(p: float) -> float:
        return bottom - (bottom - top) * p / ceiling

    parts = [
        part
        for p in (0.0, 0.5 * ceiling, ceiling)
        for part in (
            tag("line", x1=left, x2=right, y1=y(p), y2=y(p), class_="grid"),
            tag("text", f"{100 * p:g} %", x=left - 4, y=y(p) + 3, class_="label", text_anchor="end"),
        )
    ]
    parts += [
        tag("text", f"{week}", x=x(week), y=bottom + 14, class_="label", text_anchor="middle")
        for week in range(1, int(weeks) + 1, max(int(weeks) // 8, 1))
    ]
    parts.append(
        tag(
            "text",
            "weeks before, at least",
            x=(left + right) / 2,
            y=height - 4,
            class_="label",
            text_anchor="middle",
        )
    )
    labelled: list[float] = []
    for k, alarm in enumerate(front.alarms):
        points = [(x(lead.weeks), y(lead.warned.probability)) for lead in alarm.leads]
        if not points:
            continue
        name = f"{100 * alarm.false_alarms:.0f} %"
        # A dash of its own, so that rates are told apart without colour.
        parts.append(
            tag(
                "path",
                tag("title", f"{name} false alarms a quarter"),
                d=path(points if len(points) > 1 else [*points, (points[0][0] + 4, points[0][1])]),
                fill="none",
                stroke=f"var(--d{k})",
                stroke_width=2.0,
                stroke_dasharray=("none", "6 3", "2 3")[k],
            )
        )
        # Where lines lie on each other the names would too.
        if all(abs(points[0][1] - other) > 11.0 for other in labelled):
            labelled.append(points[0][1])
            parts.append(tag("text", name, x=points[0][0] + 6, y=points[0][1] - 4, class_="label"))
    return parts


def share_bars(now: float, optimum: float) -> Markup:
    """The share now above the share at the optimum."""
    width = 160.0
    return chart(
        width,
        22.0,
        f"{say.share(now)} now, {say.share(optimum)} at the optimum",
        "The upper bar is now, the lower one the optimum.",
        tag("rect", x=0, y=2, width=width, height=8, class_="track"),
        tag("rect", x=0, y=2, width=width * now, height=8, class_="d5"),
        tag("rect", x=0, y=12, width=width, height=8, class_="track"),
        tag("rect", x=0, y=12, width=width * optimum, height=8, class_="d0"),
        kind="bar",
    )
