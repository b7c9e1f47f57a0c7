"""The answer of `options` as one page: the front of risk against cost, every lever, and the regrets."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from tocsin.ask.options.answer import LeverAnswer, MomentOutcome, Options, Outcome, PortfolioAnswer
from tocsin.show import options_words as words
from tocsin.show import wording as say
from tocsin.show.page import render_page
from tocsin.show.svg import chart, path, signed_bar, tag

# Portfolios in the open; the rest is folded away.
OPEN_PORTFOLIOS = 15


def page_options(answer: Options) -> str:
    """The page."""
    largest = max(
        (row.regrets[s].value for row in answer.regrets for s in range(len(row.regrets))), default=0
    )
    return render_page(
        "options.html",
        answer.head.rungs,
        head=answer.head,
        a=answer,
        w=words,
        levers=words.without_question(answer.levers),
        front=sorted((p for p in answer.portfolios if p.on_front), key=lambda p: (p.cost, p.levers)),
        by_levers={p.levers: p for p in answer.portfolios},
        closest=words.closest(answer.doubtful),
        pareto_chart=pareto_chart,
        change_bar=change_bar,
        over_time_chart=over_time_chart,
        largest_change=largest_change(answer.levers),
        regret_scale=100.0 * largest,
        open_portfolios=OPEN_PORTFOLIOS,
    )


def largest_change(levers: Sequence[LeverAnswer]) -> float:
    """The scale of the levers' bars: a tenth of a point at the least, so that nothing small looks large."""
    return max([0.001, *(max(abs(lever.risk.change.low), abs(lever.risk.change.high)) for lever in levers)])


def pareto_chart(answer: Options) -> Markup:
    """Every portfolio by cost and risk; those on the front are joined by steps and named."""
    width, height, left, top, right, bottom = 720.0, 330.0, 52.0, 14.0, 700.0, 280.0
    points = answer.portfolios
    dearest = max([1.0, *(p.cost for p in points)])
    reach = [p.risk.probability for p in points]
    low, high = min(reach), max(reach)
    room = max(0.12 * (high - low), 0.002)
    low, high = max(low - room, 0.0), min(high + room, 1.0)

    def x(cost: float) -> float:
        return left + 8.0 + (right - left - 16.0) * cost / dearest

    def y(risk: float) -> float:
        return bottom - (bottom - top) * (risk - low) / max(high - low, 1e-9)

    front = sorted((p for p in points if p.on_front), key=lambda p: (p.cost, p.risk.probability))
    steps: list[tuple[float, float]] = []
    for p in front:
        if steps:
            steps.append((x(p.cost), steps[-1][1]))
        steps.append((x(p.cost), y(p.risk.probability)))
    steps.append((right, steps[-1][1]))
    ticks = _ticks(100.0 * low, 100.0 * high)
    return chart(
        width,
        height,
        "Risk against cost",
        f"{say.counted(len(points), 'portfolio')}; {len(front)} on the front, the least risk "
        f"{say.percent(min(points, key=lambda p: p.risk.probability).risk)}.",
        *(
            part
            for tick in ticks
            for part in (
                tag("line", x1=left, x2=right, y1=y(tick / 100), y2=y(tick / 100), class_="grid"),
                tag(
                    "text", f"{tick:g} %", x=left - 5, y=y(tick / 100) + 3, class_="label", text_anchor="end"
                ),
            )
        ),
        *(
            part
            for tick in _ticks(0.0, dearest)
            for part in (
                tag("line", x1=x(tick), x2=x(tick), y1=bottom, y2=bottom + 4, class_="axis"),
                tag("text", f"{tick:g}", x=x(tick), y=bottom + 16, class_="label", text_anchor="middle"),
            )
        ),
        tag("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="axis"),
        tag("text", "risk", x=left - 5, y=top - 3, class_="label", text_anchor="end"),
        tag("text", "cost", x=(left + right) / 2, y=bottom + 34, class_="label", text_anchor="middle"),
        tag("path", d=path(steps), class_="line"),
        *(
            tag(
                "circle",
                tag("title", _point(p)),
                cx=x(p.cost),
                cy=y(p.risk.probability),
                r=2.6,
                class_="dot",
            )
            for p in points
            if not p.on_front
        ),
        *(part for p in front for part in _named(p, x(p.cost), y(p.risk.probability), right)),
        kind="pareto",
    )


def _point(p: PortfolioAnswer) -> str:
    return f"{words.portfolio(p.levers)}: cost {words.cost(p.cost)}, risk {say.percent(p.risk)}"


def _named(p: PortfolioAnswer, x: float, y: float, right: float) -> tuple[Markup, ...]:
    """A portfolio on the front: its mark, hollow if in doubt, and its name where there is room."""
    mark = tag(
        "path",
        tag("title", _point(p)),
        d=path([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], True),
        class_="hollow" if p.doubtful else "mark",
    )
    if len(p.levers) > 1:
        return (mark,)
    near = x > right - 150
    return mark, tag(
        "text",
        words.portfolio(p.levers),
        x=x - 9 if near else x + 9,
        y=y - 7,
        class_="label",
        text_anchor="end" if near else "start",
    )


def _ticks(low: float, high: float) -> list[float]:
    """A handful of round numbers from low to high.

    Examples
    --------
    >>> _ticks(0.0, 9.0)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    """
    span = max(high - low, 1e-9)
    scale = 10.0
    while scale > span:
        scale /= 10.0
    while scale * 10.0 <= span:
        scale *= 10.0
    step = next((s * scale for s in (0.2, 0.5, 1.0, 2.0, 5.0) if span / (s * scale) <= 6.0), 10.0 * scale)
    first = int(-(-low // step))
    return [round(k * step, 6) for k in range(first, int(high // step) + 1)]


def change_bar(outcome: Outcome, scale: float) -> Markup:
    """A change of the risk with its 95 % interval: to the left it is less, to the right more."""
    change = outcome.change
    return signed_bar(
        change.value,
        change.low,
        change.high,
        largest=scale,
        reach=91.0,
        width=190.0,
        title=f"change {words.points(change)} points",
        description=f"95 % interval {words.interval(change)}.",
    )


def over_time_chart(moments: Sequence[MomentOutcome], name: str) -> Markup:
    """The change of the risk up to each day, with two errors either side."""
    if not moments:
        return Markup("")
    width, height, left, top, right, bottom = 340.0, 110.0, 40.0, 8.0, 330.0, 84.0
    first, last = moments[0].day, moments[-1].day
    span = max((last - first).days, 1)
    reach = max([0.001, *(abs(m.change.value) + 2.0 * m.change.mc_error for m in moments)])

    def x(m: MomentOutcome) -> float:
        return left + (right - left) * (m.day - first).days / span

    def y(value: float) -> float:
        return (top + bottom) / 2 - (bottom - top) / 2 * value / reach

    band = [(x(m), y(m.change.value + 2.0 * m.change.mc_error)) for m in moments]
    band += [(x(m), y(m.change.value - 2.0 * m.change.mc_error)) for m in reversed(moments)]
    return chart(
        width,
        height,
        f"What {name} changes, by the day up to which it is counted",
        f"{words.points(moments[-1].change)} points at the end; two errors either side are shaded.",
        *(
            part
            for value in (-reach, 0.0, reach)
            for part in (
                tag("line", x1=left, x2=right, y1=y(value), y2=y(value), class_="grid"),
                tag(
                    "text",
                    say.plus(100.0 * value),
                    x=left - 4,
                    y=y(value) + 3,
                    class_="label",
                    text_anchor="end",
                ),
            )
        ),
        tag("path", d=path(band, True), class_="band"),
        tag("path", d=path([(x(m), y(m.change.value)) for m in moments]), class_="line"),
        tag("text", first.isoformat(), x=left, y=bottom + 18, class_="label"),
        tag("text", last.isoformat(), x=right, y=bottom + 18, class_="label", text_anchor="end"),
        kind="time",
    )


__all__ = ["change_bar", "over_time_chart", "page_options", "pareto_chart"]
