"""The charts of the page, as inline SVG: no library, no script, colours from the page's own style.

Each is an image to a screen reader, with a title that says what it shows and a description that says what it
tells; the same figures stand beside it as text, for no chart here is the only home of a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from tocsin.ask.estimate import ActorEstimate, Band, Chance, Fan, FrontEstimate, Moment, QuestionEstimate
from tocsin.show import wording as say

Point = tuple[float, float]


def tag(name: str, /, *inside: str | Markup, **attributes: str | float) -> Markup:
    """One element; what is put inside and the attributes are escaped unless they are markup.

    Examples
    --------
    >>> str(tag("text", "a < b", x=1.0, class_="axis"))
    '<text x="1" class="axis">a &lt; b</text>'
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _number(value))
        for key, value in attributes.items()
    )
    content = Markup("").join(
        escape(part if isinstance(part, Markup) else say.clean(part)) for part in inside
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, content)


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def chart(
    width: float, height: float, title: str, description: str, *parts: Markup, kind: str = ""
) -> Markup:
    """An image of drawn parts, with its name and what it tells."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", description),
        *parts,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        class_=f"chart {kind}".strip(),
    )


def path(points: Iterable[Point], close: bool = False) -> str:
    """The `d` of a path through points."""
    text = "L".join(f"{_number(float(x))},{_number(float(y))}" for x, y in points)
    return f"M{text}Z" if close else f"M{text}"


def probability_strip(question: QuestionEstimate, name: str) -> Markup:
    """The answer on a scale from 0 to 100 %, over the range of its word, with two errors either side."""
    width, left, right, y = 260.0, 11.0, 249.0, 16.0
    chance, band = question.chance, question.band

    def x(p: float) -> float:
        return left + (right - left) * min(max(p, 0.0), 1.0)

    reach = 2.0 * chance.mc_error if chance.mc_error == chance.mc_error else 0.0
    low, high = x(chance.probability - reach), x(chance.probability + reach)
    ticks = [
        tag("line", x1=x(p), x2=x(p), y1=y + 5, y2=y + 8, class_="axis") for p in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    labels = [
        tag("text", f"{100 * p:.0f}", x=x(p), y=y + 18, class_="label", text_anchor="middle")
        for p in (0.0, 0.5, 1.0)
    ]
    middle = x(chance.probability)
    return chart(
        width,
        36.0,
        f"{name}: {say.percent(chance)}",
        f"{band.word}, which stands for {_range(band)}; the whisker reaches two errors either side.",
        tag("rect", x=left, y=y - 5, width=right - left, height=10.0, class_="track"),
        tag(
            "rect",
            x=x(band.low),
            y=y - 5,
            width=max(x(band.high) - x(band.low), 1),
            height=10.0,
            class_="band",
        ),
        *ticks,
        *labels,
        tag("line", x1=low, x2=high, y1=y, y2=y, class_="whisker"),
        tag(
            "path",
            d=path([(middle, y - 7), (middle + 5, y), (middle, y + 7), (middle - 5, y)], True),
            class_="mark",
        ),
        kind="strip",
    )


def _range(band: Band) -> str:
    return f"{100 * band.low:.0f} to {100 * band.high:.0f} %"


def variations(question: QuestionEstimate, name: str) -> Markup:
    """The answer under other assumptions as dots on the scale, the answer itself as a line."""
    width, left, right, y = 260.0, 11.0, 249.0, 10.0

    def x(p: float) -> float:
        return left + (right - left) * min(max(p, 0.0), 1.0)

    found = question.confidence.variations
    here = x(question.chance.probability)
    spread = [v.probability for v in found] or [question.chance.probability]
    return chart(
        width,
        20.0,
        f"{name} under {len(found)} other assumptions",
        f"They reach from {say.share(min(spread))} to {say.share(max(spread))}.",
        tag("line", x1=left, x2=right, y1=y, y2=y, class_="axis"),
        tag("line", x1=here, x2=here, y1=y - 8, y2=y + 8, class_="mark-line"),
        *(
            tag(
                "circle",
                tag("title", f"{v.assumption}: {say.about(v.probability)}"),
                cx=x(v.probability),
                cy=y,
                r=3.5,
                class_="dot",
            )
            for v in found
        ),
        kind="strip",
    )


def share_bar(chance: Chance, prior: float, title: str, colour: str) -> Markup:
    """A probability as a bar, its prior as a mark across it."""
    width = 150.0
    reach = 2.0 * chance.mc_error if chance.mc_error == chance.mc_error else 0.0
    end = width * chance.probability
    return chart(
        width,
        14.0,
        title,
        f"{say.percent(chance)}; prior {say.share(prior)}.",
        tag("rect", x=0, y=2, width=width, height=10, class_="track"),
        tag("rect", x=0, y=2, width=end, height=10, class_=colour),
        tag(
            "line",
            x1=max(end - width * reach, 0),
            x2=min(end + width * reach, width),
            y1=7,
            y2=7,
            class_="whisker",
        ),
        tag("line", x1=width * prior, x2=width * prior, y1=0, y2=14, class_="prior"),
        kind="bar",
    )


def _dates(first: dt.date, last: dt.date, most: int) -> list[dt.date]:
    """First days of months between two days, evenly thinned to at most so many."""
    months = (last.year - first.year) * 12 + last.month - first.month
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if months / n <= most), 120)
    days = []
    for k in range(months + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + k, 12)
        day = dt.date(year, month + 1, 1)
        if first <= day <= last and (year * 12 + month) % every == 0:
            days.append(day)
    return days


def time_axis(
    first: dt.date, last: dt.date, left: float, right: float, y: float, most: int
) -> tuple[Markup, ...]:
    """Ticks and dates below a chart whose time runs from `left` to `right`; at most so many."""
    span = max((last - first).days, 1)
    days = _dates(first, last, most) or [first]
    parts = []
    for day in days:
        x = left + (right - left) * (day - first).days / span
        text = f"{day:%Y-%m}" if day.day == 1 else day.isoformat()
        anchor = "end" if x > right - 25 else "start" if x < left + 15 else "middle"
        parts += [
            tag("line", x1=x, x2=x, y1=y, y2=y + 4, class_="axis"),
            tag("text", text, x=x, y=y + 15, class_="label", text_anchor=anchor),
        ]
    return tuple(parts)


def dispositions_over_time(actor: ActorEstimate) -> Markup:
    """Shares of an actor's dispositions over time, stacked."""
    moments = actor.dispositions_over_time
    names = [name for name, _, _ in actor.dispositions]
    return _stack(
        [(m.day, m.shares) for m in moments],
        [f"d{k % 6}" for k in range(len(names))],
        names,
        340.0,
        120.0,
        f"What {actor.name} is, over time",
        f"Shares of {say.listed(names)} from {moments[0].day} to {moments[-1].day}." if moments else "",
    )


def deception_over_time(actor: ActorEstimate) -> Markup:
    """The chance that an actor deceives over time, its prior dashed."""
    width, height, left, top, bottom = 340.0, 76.0, 28.0, 6.0, 56.0
    moments = actor.deceives_over_time
    if not moments:
        return Markup("")
    right = width - 6
    first, last = moments[0].day, moments[-1].day
    span = max((last - first).days, 1)

    def y(p: float) -> float:
        return bottom - (bottom - top) * p

    points = [(left + (right - left) * (m.day - first).days / span, y(m.shares[0])) for m in moments]
    return chart(
        width,
        height,
        f"Chance that {actor.name} deceives, over time",
        f"{say.percent(actor.deceives)} at the end; prior {say.share(actor.deceives_prior)}, dashed.",
        *share_axis(left, right, y),
        tag(
            "line",
            x1=left,
            x2=right,
            y1=y(actor.deceives_prior),
            y2=y(actor.deceives_prior),
            class_="prior dashed",
        ),
        tag("path", d=path(points if len(points) > 1 else [*points, (right, points[0][1])]), class_="line"),
        *time_axis(first, last, left, right, bottom, 5),
        kind="time",
    )


def share_axis(left: float, right: float, y: object) -> tuple[Markup, ...]:
    """Lines and figures at none, half and all of a scale of shares, which `y` places."""
    assert callable(y)
    return tuple(
        part
        for p in (0.0, 0.5, 1.0)
        for part in (
            tag("line", x1=left, x2=right, y1=y(p), y2=y(p), class_="grid"),
            tag("text", f"{100 * p:.0f}", x=left - 4, y=y(p) + 3, class_="label", text_anchor="end"),
        )
    )


def _stack(
    steps: Sequence[tuple[dt.date, Sequence[float]]],
    colours: Sequence[str],
    names: Sequence[str],
    width: float,
    height: float,
    title: str,
    description: str,
    now: dt.date | None = None,
) -> Markup:
    """Shares that sum to one, step by step, as stacked areas with upright edges."""
    if not steps:
        return Markup("")
    left, top, right, bottom = 28.0, 6.0 if now is None else 16.0, width - 6.0, height - 20.0
    first = steps[0][0]
    # The last step lasts as long as the one before it.
    length = (steps[-1][0] - steps[-2][0]).days if len(steps) > 1 else 7
    last = steps[-1][0] + dt.timedelta(days=max(length, 1))
    span = max((last - first).days, 1)
    edges = [left + (right - left) * (day - first).days / span for day, _ in steps] + [right]

    def y(p: float) -> float:
        return bottom - (bottom - top) * min(max(p, 0.0), 1.0)

    below = [0.0] * len(steps)
    areas = []
    for k, colour in enumerate(colours):
        above = [low + float(shares[k]) for low, (_, shares) in zip(below, steps, strict=True)]
        if any(high - low > 5e-4 for low, high in zip(below, above, strict=True)):
            upper = [p for j, a in enumerate(above) for p in ((edges[j], y(a)), (edges[j + 1], y(a)))]
            lower = [p for j, b in enumerate(below) for p in ((edges[j], y(b)), (edges[j + 1], y(b)))]
            areas.append(
                tag(
                    "path",
                    tag("title", names[k]),
                    d=path([*upper, *reversed(lower)], True),
                    class_=f"area {colour}",
                )
            )
        below = above
    parts = [*areas, *share_axis(left, right, y)]
    if now is not None and first <= now <= last:
        x = left + (right - left) * (now - first).days / span
        anchor = "end" if x > (left + right) / 2 else "start"
        parts += [
            tag("line", x1=x, x2=x, y1=top - 6, y2=bottom, class_="now"),
            tag(
                "text",
                f"as of {now}",
                x=x + (-4 if anchor == "end" else 4),
                y=top - 4,
                class_="label",
                text_anchor=anchor,
            ),
        ]
    most = 5 if width < 400 else 9
    return chart(
        width,
        height,
        title,
        description,
        *parts,
        *time_axis(first, last, left, right, bottom, most),
        kind="time",
    )


def posture_over_time(front: FrontEstimate, fan: Fan | None, rungs: Sequence[str], as_of: dt.date) -> Markup:
    """Shares of a front's rungs: up to the as-of day as they were, beyond it as they may be."""
    future = fan.steps if fan else ()
    past: Sequence[Moment] = front.posture_over_time
    seen = {step.day for step in future}
    steps = [(m.day, m.shares) for m in past if m.day not in seen] + [(s.day, s.shares) for s in future]
    if not steps:
        return Markup("")
    end = steps[-1][1]
    likely = max(range(len(rungs)), key=lambda k: end[k])
    return _stack(
        steps,
        [f"r{k}" for k in range(len(rungs))],
        rungs,
        620.0,
        190.0,
        f"Posture on {front.ref} over time",
        f"Now {front.current}. At the end, {end[likely]:.0%} of the futures stand at {rungs[likely]}.",
        as_of,
    )


def signed_bar(
    value: float,
    low: float,
    high: float,
    *,
    largest: float,
    reach: float,
    width: float,
    title: str,
    description: str,
) -> Markup:
    """A bar from the middle to a value, left of it below nothing, with a whisker from `low` to `high`.

    `reach` is how far from the middle the `largest` value lies.
    """
    middle, y = width / 2, 8.0
    unit = reach / max(largest, 1e-9)

    def x(at: float) -> float:
        return min(max(middle + at * unit, 0.0), width)

    end = x(value)
    return chart(
        width,
        16.0,
        title,
        description,
        tag("line", x1=middle, x2=middle, y1=0, y2=16, class_="axis"),
        tag(
            "rect",
            x=min(middle, end),
            y=y - 5,
            width=abs(end - middle),
            height=10,
            class_="up" if value > 0 else "down",
        ),
        tag("line", x1=x(low), x2=x(high), y1=y, y2=y, class_="whisker"),
        kind="bar",
    )


def nats_bar(nats: float, spread: float, largest: float, label: str) -> Markup:
    """What one term adds to going up: to the right it pushes, to the left it holds back."""
    side = "pushes up" if nats > 0 else "holds back"
    return signed_bar(
        nats,
        nats - spread,
        nats + spread,
        largest=largest,
        reach=104.0,
        width=220.0,
        title=f"{label}: {say.plus(nats, 2)} nats",
        description=f"It {side}; the thin line is one posterior standard deviation either side.",
    )
