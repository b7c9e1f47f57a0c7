"""Where to look: the answer of `collect` for the terminal and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from tocsin.ask.collect.answer import (
    Allocation,
    Collection,
    FrontLoss,
    FrontWarning,
    Look,
    Neglect,
    TimeToWarning,
    Worth,
)
from tocsin.ask.collect.warning import FALSE_ALARMS, MIDDLE, QUARTER_WEEKS
from tocsin.ask.estimate import Number
from tocsin.show import wording as say
from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING
from tocsin.show.page import render_page
from tocsin.show.svg import chart, path, tag
from tocsin.show.text import WIDTH, Page

# How much of each list the short view shows.
FRONTS_SHORT, WORTH_SHORT, TARGETS_SHORT, NEGLECT_SHORT = 8, 5, 4, 4
# A share that moves by less than this stays where it is, for a reader.
TELLING_SHARE = 0.005
# Smaller changes of an area, or of the share of attacks warned of, are not worth a reader's time.
TELLING_AREA, TELLING_WARNED = 0.01, 0.02

FIELDS: Final[dict[str, dict[str, str]]] = {
    "Chance": COMMON["Chance"],
    "Number": COMMON["Number"],
    **HEADING,
    "Look": {
        "collector": "its id in the case",
        "actor": "the actor looked at",
        "quality": "chance a week that what is there to be seen is passed on, if all of it looks there",
        "share": "the share of it that looks there",
    },
    "CollectorState": {
        "id": "its id in the case",
        "name": "its name",
        "owner": "whose it is; null for the analyst's own side",
        "discipline": "how it comes to know",
        "fixed": "whether it cannot be pointed elsewhere",
        "looks": "where it can look, and how much of it does now",
        "idle": "the share that looks nowhere in this case",
    },
    "RocPoint": {
        "false_alarm": "share of histories without an attack ahead whose score passes the threshold",
        "hit": "share of those with an attack ahead whose score does",
    },
    "Lead": {
        "weeks": "at least so many weeks before the attack",
        "warned": "share of the attacks warned of that long before",
    },
    "TimeToWarning": {
        "false_alarms": "the share of quiet quarters in which an alarm may sound",
        "realised": "the share in which it does, never more",
        "threshold": "evidence, in nats, above which the alarm sounds",
        "never": "share of the attacks before which none sounds",
        "median_weeks": "weeks from the first alarm to the attack, half of those warned of; null if none is",
        "leads": "share of the attacks warned of by weeks ahead, shortest first",
    },
    "FrontWarning": {
        "front": "initiator -> target",
        "rung": "the rung from which it counts as an attack: the first beyond the standing limit",
        "attack": "chance that one comes within the look ahead",
        "at_once": "chance that it comes in the first step, before anything new is known",
        "simulated": "simulated attacks that the figures rest on",
        "reporters": "collectors and sources that could now report something of it",
        "auc": (
            "area under the curve: chance that the score is higher before an attack than in another history "
            "at the same step; null if there is no curve"
        ),
        "roc": "the curve, from no false alarms to all",
        "alarms": "what an alarm would have done, by its rate of false alarms",
        "why_none": "why there is no curve; null if there is one",
    },
    "IndicatorWorth": {
        "indicator": "its id in the case",
        "name": "what would be seen",
        "bits": "expected information, in bits, if only this indicator were looked for more",
    },
    "QuestionWorth": {
        "question": "its id in the case",
        "bits": "expected information about it, in bits, net of what would be seen anyway",
        "crosses": (
            "chance that the answer takes another word of estimative probability by none or one more "
            "report; two or more are left out, so it is a floor"
        ),
    },
    "Worth": {
        "look": "the collector, the actor, and the share now",
        "unit": "the share added for the coming fortnight",
        "best": "the question it tells most of",
        "questions": "all questions, in the order of the case",
        "indicators": "what each indicator alone would tell of the best question, largest first",
    },
    "Target": {
        "front": "initiator -> target",
        "actor": "who would attack",
        "attack": "chance that the attack comes within the look ahead",
        "harm": "mean harm of one that comes: 0 the standing limit, 1 the top rung",
        "weight": "how much more its harm counts for us than for who attacks",
        "detection_now": "chance that it is warned of in time under the present allocation",
        "detection_optimum": "the same under the optimum",
        "gain_now": "what the adversary gets by it under the present allocation",
        "gain_optimum": "the same under the optimum",
    },
    "Allocation": {
        "spared": "share of the harm that warning in time spares, a judgement",
        "targets": "the fronts an adversary may pick, most gainful now first",
        "now": "the shares that can be set, as they are",
        "optimum": "the shares that hold",
        "value_now": "our loss where the adversary, who sees the present allocation, answers it best",
        "value_optimum": "the same for the optimum",
        "value_error": "the difference of the two, and its Monte Carlo error",
        "gap": "the best possible value lies no further below that of the optimum",
        "exploitability_now": "what the adversary's best response gains against the present allocation",
        "exploitability_optimum": "the same against the optimum",
        "expected_now": "harm summed over fronts if the adversary does not look where we look",
        "expected_optimum": "the same for the optimum",
        "answer_now": "the front the adversary picks now",
        "answer_optimum": "the front it picks against the optimum",
        "programmes": "linear programmes solved",
    },
    "FrontLoss": {
        "front": "initiator -> target",
        "auc_before": "area under the curve under the present allocation",
        "auc_after": "the same under the other",
        "auc_change": "the difference, on the same attacks and the same chance",
        "warned_before": "share of attacks warned of, at five false alarms in a hundred quiet quarters",
        "warned_after": "the same under the other allocation",
        "warned_change": "the difference, on the same attacks and the same chance",
    },
    "Neglect": {
        "what": "the other allocation in words",
        "actor": "the actor no longer looked at; null for an allocation that was named",
        "looks": "where every collector looks under it",
        "fronts": "what it does to each front, worst first",
    },
    "Collection": {
        "head": "the case, the day, and how to get the answer again",
        "side": "whose collectors were taken; null for all",
        "none": "why there are no collectors, and the mend; null if there are",
        "within_weeks": "a warning says that an attack comes within so many weeks",
        "horizon_weeks": "the game was run on for so long",
        "collectors": "what can be pointed, and where it looks now",
        "ahead": "warning of attacks from the as-of day on, by front",
        "record": "the same for histories from the case's start, before any report",
        "worth": "what one more unit of looking would tell, most first",
        "allocation": "the allocation that holds; null if there is none",
        "why_no_allocation": "why there is none; null if there is one",
        "neglect": "the allocation that was named, if one was, then each actor no longer looked at",
    },
}


def number(value: Number, digits: int = 2) -> str:
    """A number of [0, 1] and its error.

    Examples
    --------
    >>> number(Number(value=0.6512, mc_error=0.012))
    '0.65 ±0.01'
    """
    return f"{value.value:.{digits}f} ±{value.mc_error:.{digits}f}"


def millibits(value: Number) -> str:
    """Information in thousandths of a bit.

    Examples
    --------
    >>> millibits(Number(value=0.00123, mc_error=0.0002))
    '1.23 ±0.20'
    """
    return f"{1000 * value.value:.2f} ±{1000 * value.mc_error:.2f}"


def _middle(front: FrontWarning) -> TimeToWarning | None:
    return front.alarms[MIDDLE] if front.alarms else None


def warned(front: FrontWarning) -> str:
    """How many attacks are warned of at the middle rate, and how long before."""
    alarm = _middle(front)
    if alarm is None:
        return "–"
    text = f"{say.share(1.0 - alarm.never.probability)} ±{100 * alarm.never.mc_error:.0f}"
    return text if alarm.median_weeks is None else f"{text}, {alarm.median_weeks:.0f} wk"


def by_luck(answer: Collection) -> float:
    """Percent of attacks that an alarm at the middle rate would come before by luck alone."""
    return 100.0 * FALSE_ALARMS[MIDDLE] * min(answer.within_weeks / QUARTER_WEEKS, 1.0)


def by_threat(fronts: Sequence[FrontWarning]) -> list[FrontWarning]:
    """Fronts with a curve, likeliest attack first."""
    return sorted((f for f in fronts if f.auc is not None), key=lambda f: -f.attack.probability)


def moves(found: Allocation) -> list[tuple[Look, Look]]:
    """Shares that the optimum changes, largest change first."""
    pairs = zip(found.now, found.optimum, strict=True)
    changed = [(a, b) for a, b in pairs if abs(b.share - a.share) > TELLING_SHARE]
    return sorted(changed, key=lambda pair: -abs(pair[1].share - pair[0].share))


def lost(neglect: Neglect) -> list[FrontLoss]:
    """Fronts told of better or worse by enough to matter, and by more than two errors."""
    return [
        loss
        for loss in neglect.fronts
        if any(
            abs(change.value) >= least and not say.is_uncertain(change)
            for change, least in ((loss.auc_change, TELLING_AREA), (loss.warned_change, TELLING_WARNED))
        )
    ]


def render_collect(answer: Collection, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view; in full every front, question and share."""
    page = Page(width=max(width, 60), colour=colour, full=full)
    page.line(f"{say.clean(answer.head.case)}: where to look", style="bold")
    page.line(
        f"As known at the end of {answer.head.as_of}; ± is one Monte Carlo standard error. A warning "
        f"says: an attack within {answer.within_weeks:g} weeks.",
        style="dim",
    )
    if answer.none is not None:
        page.line(f"No collectors: {answer.none}. What follows is what sources' watches alone would tell.")
    _warning_text(page, answer)
    if answer.worth:
        _worth_text(page, answer)
    _allocation_text(page, answer)
    if answer.neglect:
        _neglect_text(page, answer)
    page.line("")
    page.line(
        f"tocsin {answer.head.version}; case {answer.head.case_digest[:16]}, seed {answer.head.seed}, "
        f"{answer.head.particles:,} particles",
        style="dim",
    )
    return page.text()


def _warning_text(page: Page, answer: Collection) -> None:
    page.heading("Would we be warned?")
    record = {front.front: front for front in answer.record}
    told = by_threat(answer.ahead)
    shown = told if page.full else told[:FRONTS_SHORT]
    rows = [
        (
            say.arrow(front.front),
            say.share(front.attack.probability),
            number(front.auc) if front.auc else "–",
            warned(front),
            _auc(record.get(front.front)),
        )
        for front in shown
    ]
    page.table(("front", "attack", "AUC ahead", "warned at 5 %", "AUC afresh"), rows, right=(1,), wide=0)
    if len(shown) < len(told):
        page.line(f"and {say.counted(len(told) - len(shown), 'front')} more in --full", style="dim")
    page.line(
        "AUC: 0.5 is blind, 1 is certain. Warned at 5 %: share of attacks told ahead, with the middle lead, "
        "by an alarm that is false in 5 of 100 quiet quarters; one that knows nothing would by luck come "
        f"before about {by_luck(answer):.0f} %. Afresh: from the case's start, before any report.",
        style="dim",
    )
    none = [front for front in answer.ahead if front.auc is None]
    if page.full:
        for front in shown:
            _alarms_text(page, front)
        for front in none:
            page.line(f"{say.arrow(front.front)}: no curve; {front.why_none}.")
    elif none:
        page.line(
            f"No curve for {say.listed(say.arrow(f.front) for f in none)}: --full says why.", style="dim"
        )


def _auc(front: FrontWarning | None) -> str:
    return number(front.auc) if front is not None and front.auc is not None else "–"


def _alarms_text(page: Page, front: FrontWarning) -> None:
    page.line(f"{say.arrow(front.front)}: {', '.join(front.reporters) or 'nobody'}", style="bold")
    for alarm in front.alarms:
        leads = "; ".join(f"{lead.weeks:.0f} wk {say.share(lead.warned.probability)}" for lead in alarm.leads)
        page.line(
            f"at {100 * alarm.false_alarms:.0f} % false alarms a quarter: never {say.percent(alarm.never)}"
            f"{'; told ahead by ' + leads if leads else ''}",
            indent=2,
        )


def _worth_text(page: Page, answer: Collection) -> None:
    page.heading("Where the next hour is worth most")
    for worth in answer.worth if page.full else answer.worth[:WORTH_SHORT]:
        page.line(
            f"{millibits(worth.best.bits)} mbit  {worth.look.collector} on {worth.look.actor} "
            f"(now {say.share(worth.look.share)}), about {worth.best.question}; "
            f"crosses {say.share(worth.best.crosses.probability)}",
            hang=4,
        )
        if page.full:
            parts = ", ".join(f"{i.indicator} {1000 * i.bits.value:.2f}" for i in worth.indicators)
            page.line(f"by way of {parts or 'nothing it could see'}", indent=4)
    unit = max(worth.unit for worth in answer.worth)
    page.line(
        f"Thousandths of a bit by {say.share(unit)} more of the collector for a fortnight, net of what would "
        "be seen anyway. Crosses: least chance that the answer takes another word.",
        style="dim",
    )
    rest = 0 if page.full else len(answer.worth) - WORTH_SHORT
    if rest > 0:
        page.line(f"and {say.counted(rest, 'look')} more in --full", style="dim")


def _allocation_text(page: Page, answer: Collection) -> None:
    page.heading("The allocation that holds")
    found = answer.allocation
    if found is None:
        page.line(f"None: {answer.why_no_allocation}.")
        return
    page.line(
        f"An adversary who sees where we look costs us {found.value_now:.4f} now "
        f"(by {say.arrow(found.answer_now)}) and {found.value_optimum:.4f} at the optimum "
        f"(by {say.arrow(found.answer_optimum)}); the difference is {number(found.value_error, 4)}."
    )
    page.line(
        "What its best response gains over the best we could hold it to: "
        f"{found.exploitability_now:.4f} now, {found.exploitability_optimum:.4f} at the optimum, "
        f"which lies within {found.gap:.5f} of the best."
    )
    page.line(
        f"Summed over fronts, if it does not look: {found.expected_now:.3f} now, "
        f"{found.expected_optimum:.3f} at the optimum."
    )
    rows = [(a.collector, a.actor, say.share(a.share), say.share(b.share)) for a, b in moves(found)]
    page.table(("collector", "looks at", "now", "optimum"), rows if page.full else rows[:8], right=(2, 3))
    if not page.full and len(rows) > 8:
        page.line(f"and {say.counted(len(rows) - 8, 'share')} more in --full", style="dim")
    targets = found.targets if page.full else found.targets[:TARGETS_SHORT]
    page.table(
        ("front", "attack", "harm", "told in time", "at optimum", "gain", "at optimum"),
        [
            (
                say.arrow(t.front),
                say.share(t.attack.probability),
                f"{t.harm.value:.2f}",
                say.share(t.detection_now.value),
                say.share(t.detection_optimum),
                f"{t.gain_now:.3f}",
                f"{t.gain_optimum:.3f}",
            )
            for t in targets
        ],
        right=(1, 2, 3, 4, 5, 6),
        wide=0,
    )
    page.line(
        "Harm: 0 the standing limit, 1 the top rung. Warning in time is taken to spare "
        f"{say.share(found.spared)} of it. Gain: chance that the attack comes, times the harm that is left.",
        style="dim",
    )


def _neglect_text(page: Page, answer: Collection) -> None:
    page.heading("What neglect costs")
    for neglect in answer.neglect:
        page.line(
            f"If {say.clean(neglect.what)}:" if neglect.actor else f"Under {neglect.what}:", style="bold"
        )
        losses = list(neglect.fronts) if page.full else lost(neglect)[:NEGLECT_SHORT]
        if not losses:
            page.line("no front is told of measurably worse or better", indent=2)
        for loss in losses:
            page.line(
                f"{say.arrow(loss.front)}: AUC {loss.auc_before.value:.2f} to {loss.auc_after.value:.2f} "
                f"({say.signed(loss.auc_change, 1.0, 2)}), "
                f"warned {say.share(loss.warned_before.probability)} to "
                f"{say.share(loss.warned_after.probability)}",
                indent=2,
            )


def page_collect(answer: Collection) -> str:
    """The page."""
    return render_page(
        "collect.html",
        answer.head.rungs,
        head=answer.head,
        answer=answer,
        told=by_threat(answer.ahead),
        none=[front for front in answer.ahead if front.auc is None],
        record={front.front: front for front in answer.record},
        alarms=FALSE_ALARMS,
        roc=roc_chart,
        lead=lead_chart,
        luck=by_luck(answer),
        bar=share_bars,
        number=number,
        millibits=millibits,
        warned=warned,
        moves=moves,
        lost=lost,
        auc=_auc,
    )


def roc_chart(front: FrontWarning) -> Markup:
    """Hits against false alarms, the diagonal dashed."""
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
    told = number(front.auc) if front.auc else "none"
    return chart(
        size,
        size,
        f"Curve of warning for {front.front}",
        f"Hits by false alarms, in percent of steps; area {told}. The dashed line is blind.",
        *ticks,
        tag("line", x1=x(0), x2=x(1), y1=y(0), y2=y(1), class_="prior dashed"),
        tag("path", d=path(points), class_="line"),
        kind="time",
    )


def lead_chart(front: FrontWarning) -> Markup:
    """Share of attacks told at least so many weeks before, a line for each rate of false alarms."""
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
    for k, alarm in enumerate(front.alarms):
        points = [(x(lead.weeks), y(lead.warned.probability)) for lead in alarm.leads]
        if not points:
            continue
        # A dash of its own, so that rates are told apart without colour.
        parts.append(
            tag(
                "path",
                tag("title", f"{100 * alarm.false_alarms:.0f} % false alarms a quarter"),
                d=path(points if len(points) > 1 else [*points, (points[0][0] + 4, points[0][1])]),
                fill="none",
                stroke=f"var(--d{k})",
                stroke_width=2.0,
                stroke_dasharray=("", "6 3", "2 3")[k],
            )
        )
        parts.append(
            tag(
                "text",
                f"{100 * alarm.false_alarms:.0f} %",
                x=points[0][0] + 6,
                y=points[0][1] - 4,
                class_="label",
            )
        )
    return chart(
        width,
        height,
        f"How long before attacks on {front.front} are told",
        "Share of attacks told at least so many weeks before, by the rate of false alarms a quarter.",
        *parts,
        kind="time",
    )


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


__all__ = ["FIELDS", "Worth", "page_collect", "render_collect"]
