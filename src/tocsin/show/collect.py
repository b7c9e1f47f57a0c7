"""Where to look: the answer of `collect` for the terminal and as a page."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.ask.collect.answer import (
    Allocation,
    Collection,
    FrontLoss,
    FrontWarning,
    Look,
    Neglect,
    TimeToWarning,
)
from tocsin.ask.collect.warning import FALSE_ALARMS, MIDDLE, QUARTER_WEEKS
from tocsin.ask.estimate import Number
from tocsin.show import wording as say
from tocsin.show.text import WIDTH, Page

# How much of each list the short view shows.
FRONTS_SHORT, WORTH_SHORT, TARGETS_SHORT, NEGLECT_SHORT = 8, 5, 4, 4
# A share that moves by less than this stays where it is, for a reader.
TELLING_SHARE = 0.005
# Smaller changes of an area, or of the share of attacks warned of, are not worth a reader's time.
TELLING_AREA, TELLING_WARNED = 0.01, 0.02


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
        page.line(f"{say.titled(answer.none)}. What follows is what sources' watches alone would tell.")
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
        why = "without collectors there is none to be had" if answer.none else answer.why_no_allocation or ""
        page.line(f"{say.titled(why)}.")
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
