"""A post-mortem for the terminal and as a page."""

from __future__ import annotations

import math

from tocsin.ask.estimate import Number
from tocsin.ask.postmortem.answer import Belief, Postmortem, Sufficed, TellingReport, Verdict
from tocsin.show import wording as say
from tocsin.show.text import WIDTH, Page

# How much of each list the short view shows.
SHORT = {"reports": 3, "beliefs": 3}
CHANCE = "irreducible chance"
MEANING = {
    "collection": "what was not looked at, or came too late",
    "source error": "what sources got wrong, and how far they were believed",
    "deception": "what the target hid and planted",
    "mindset": "priors, reasons, and reports set aside",
    CHANCE: "left when all four are repaired",
}


def render_postmortem(
    answer: Postmortem, full: bool = False, width: int = WIDTH, colour: bool = False
) -> str:
    """The terminal view.

    Parameters
    ----------
    full : every question taken apart and every list; else the costliest question in short
    width : columns, 60 at the least
    colour : mark headings with a terminal's colours
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    head = answer.head
    seen = f", as seen by {say.clean(head.variant)}" if head.variant else ""
    page.line(say.clean(head.case) + seen, style="bold")
    page.line(
        f"The forecasts of {head.as_of}, the outcome being known. ± is one Monte Carlo standard error.",
        style="dim",
    )
    page.heading("What was said, and what came")
    page.table(
        ("given to what came", "loss", "blamed", "and the question"),
        [
            (given(v), loss_of(v), v.blamed or "nothing", f"{v.happened}: {say.clean(v.text)}")
            for v in answer.verdicts
        ],
        right=(1,),
    )
    # In short the costliest that is a miss of degree: what the case held impossible has nothing to divide.
    of_degree = [v for v in answer.verdicts if not v.bound] or answer.verdicts
    for verdict in answer.verdicts if full else of_degree[:1]:
        _verdict(page, verdict)
    page.heading("What each repair changes")
    for repair in answer.repairs:
        told = "; ".join(say.clean(change) for change in repair.changes) or "nothing: it has no part"
        page.line(_cut(page, f"{repair.cause}: {told}."), indent=2)
    if answer.unknown:
        page.heading("What is not known even now")
        for told in answer.unknown:
            page.line(_cut(page, f"{say.clean(told)}."), indent=2)
    for name, why in answer.left_out if full else ():
        page.line(f"Left out: {name}, {why}.", indent=2, style="dim")
    page.line("")
    page.line(
        f"tocsin {head.version}; case {head.case_digest[:16]}, seed {head.seed}, {answer.runs} runs of "
        f"{head.particles:,} particles, {answer.draws} draws",
        style="dim",
    )
    return page.text()


def _cut(page: Page, text: str) -> str:
    """What the short view has of a long list."""
    most = 3 * page.width
    return text if page.full or len(text) <= most else text[:most].rsplit(" ", 1)[0] + " … (all in --full)"


def given(verdict: Verdict) -> str:
    """What was given to what came; at the most, where no particle did it."""
    if verdict.bound:
        return f"under {max(100.0 * math.exp(-verdict.loss.value), 0.01):.2f} %"
    return say.percent(verdict.given)


def loss_of(verdict: Verdict) -> str:
    """A loss in nats, marked where it is a bound."""
    return f"{'≥ ' if verdict.bound else ''}{verdict.loss.value:.2f} ±{verdict.loss.mc_error:.2f}"


def nats(number: Number) -> str:
    """A part in nats.

    Examples
    --------
    >>> nats(Number(value=-0.5, mc_error=0.125))
    '−0.50 ±0.12'
    """
    return say.signed(number, digits=2)


def _verdict(page: Page, v: Verdict) -> None:
    page.heading(f"Why: {say.clean(v.id)}")
    page.line(f"{say.clean(v.text)} It came out {v.happened} ({v.on}).")
    page.line(sentence(v))
    bars = rows_of(v)
    most = max(abs(part.value) for _, part in bars) or 1.0
    page.table(
        ("nats", "", "cause", "what it is"),
        [(nats(part), _bar(part.value, most), name, MEANING[name]) for name, part in bars],
        right=(0,),
    )
    page.line(f"They sum to the loss, {v.loss.value:.2f} nats. {split(v)}")
    if any(part.value < -2.0 * part.mc_error and part.value < -0.02 for _, part in bars):
        page.line("A negative part: that repair would have moved the forecast away from what came.")
    if v.sufficed is not None:
        page.line(days(v.sufficed))
        if page.full:
            page.table(
                ("day", "in hand", "all repaired"),
                [
                    (say.day(p.day), say.percent(p.in_hand), say.percent(p.repaired))
                    for p in v.sufficed.points
                ],
            )
    shown = v.reports if page.full else telling(v)
    if shown:
        page.line("Reports that speak most for what came, in decibans:" if not page.full else "Reports:")
    for report in shown:
        page.line(report_words(report), indent=2, hang=4)
    if not shown and v.reports:
        page.line("No report that existed speaks tellingly for what came.")
    _beliefs(page, v)
    if page.full:
        page.table(
            ("loss", "given", "with these repaired"),
            [
                (
                    f"{c.loss.value:.2f} ±{c.loss.mc_error:.2f}",
                    say.share(c.probability),
                    ", ".join(c.repaired) or "nothing",
                )
                for c in v.coalitions
            ],
        )


def _beliefs(page: Page, v: Verdict) -> None:
    if not v.beliefs:
        return
    page.line(beliefs_sentence(v))
    for belief in v.beliefs if page.full else v.beliefs[: SHORT["beliefs"]]:
        page.line(belief_words(belief), indent=2, hang=4)


def rows_of(v: Verdict) -> tuple[tuple[str, Number], ...]:
    """Every part with its cause, chance last."""
    return (*((part.cause, part.nats) for part in v.parts), (CHANCE, v.irreducible))


def _bar(value: float, most: float, cells: int = 12) -> str:
    return ("█" if value > 0 else "░") * round(cells * abs(value) / most)


def sentence(v: Verdict) -> str:
    """What was given to what came, and on what the largest part falls."""
    why = "; it came on no particle" if v.bound else ""
    told = f"Given {given(v)} ({v.band.word}{why}): a loss of {loss_of(v)} nats."
    if v.blamed is None:
        return f"{told} There is little to explain."
    part = dict(rows_of(v))[v.blamed]
    sure = "" if part.value > 2.0 * part.mc_error else ", though that is within two errors"
    return f"{told} The largest part falls on {v.blamed}{sure}."


def split(v: Verdict) -> str:
    """Irreducible chance, taken apart by who knew the hidden state."""
    return (
        f"Who had known the hidden state of the day would have given it {say.share(v.knowing)}: of what is "
        f"left, {nats(v.unseen)} could not be seen and {nats(v.future)} is the future's own chance."
    )


def days(s: Sufficed) -> str:
    """From when on it would have sufficed."""
    goal = say.share(s.enough)
    hand = (
        f"what was in hand first gave {goal} on {s.in_hand}"
        if s.in_hand
        else f"what was in hand gave {goal} on none of them"
    )
    best = f"first on {s.repaired}" if s.repaired else "on none"
    if s.in_hand and s.points[-1].in_hand.probability < s.enough:
        hand += " and less again by the last"
    if s.repaired and s.points[-1].repaired.probability < s.enough:
        best += ", less again by the last"
    return f"Of {say.counted(len(s.points), 'day')} looked at, {hand}; with every cause repaired {best}."


def telling(v: Verdict) -> tuple[TellingReport, ...]:
    """The few reports that speak for what came by more than two errors."""
    return tuple(r for r in v.reports if r.decibans.value > max(2.0 * r.decibans.mc_error, 0.5))[
        : SHORT["reports"]
    ]


def report_words(r: TellingReport) -> str:
    """A report, what it weighs and what became of it."""
    rough = " (rough)" if not r.reliable else ""
    fate = f"{r.status}, known {r.known}" if r.status in ("late", "set aside") else r.status
    return (
        f"{say.signed(r.decibans)}{rough}  {r.id} ({say.clean(r.source)}, {r.grade}, {r.date}; {fate}; "
        f"{r.verdict}): {say.clean(r.text)}"
    )


def beliefs_sentence(v: Verdict) -> str:
    """Whether any single belief would have done."""
    usable = [b for b in v.beliefs if b.reliable]
    if v.given.probability >= 0.5:
        return "No other belief was needed for even odds. What would have moved it most:"
    if any(b.needed is not None for b in usable):
        return "What would have had to be believed for even odds, alone and nearest first:"
    return "No single belief would have brought even odds. What would have come nearest:"


def belief_words(b: Belief) -> str:
    """A belief, where it stood, where it would have had to stand."""
    rough = "" if b.reliable else f" (rough: {b.effective:.0f} particles)"
    name = say.clean(b.label).rstrip(".")
    if b.needed is not None and b.distance:
        far = f", {b.distance:.2f} nats away"
        more = f"; for enough {_at(b, b.for_enough)}" if b.for_enough is not None else ""
        return f"{name}: {_at(b, b.needed)} instead of {_at(b, b.held)}{far}{more}{rough}"
    return (
        f"{name}: even at {_at(b, b.furthest)} instead of {_at(b, b.held)}, "
        f"{say.percent(b.probability)}{rough}"
    )


def _at(b: Belief, value: float) -> str:
    if b.kind == "disposition":
        return say.share(value)
    return f"{value:.2f} nats" if b.kind in ("reason", "threat") else f"{value:.2f}"
