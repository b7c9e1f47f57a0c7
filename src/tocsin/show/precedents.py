"""Precedents for the terminal and as JSON: the rate, the class in words under it, its limits beside it."""

from __future__ import annotations

import math

from tocsin.ask.precedent import Analogue, BaseRate, Precedents, QuestionPrecedents
from tocsin.show import wording as say
from tocsin.show.text import WIDTH, Page

ANALOGUES_SHORT = 3


def render_precedents(
    precedents: Precedents, *, full: bool = False, width: int = WIDTH, colour: bool = False
) -> str:
    """The terminal view.

    Parameters
    ----------
    full : every caution and source and all the analogues; else the first of each
    width : columns, 60 at the least
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    page.line(say.clean(precedents.case), style="bold")
    if precedents.variant is not None:
        page.line(f"The case in the view of {say.clean(precedents.variant)}, not as it is written.")
    page.line(
        f"Precedents as of {precedents.as_of}. A base rate is where to start from, not an answer; brackets "
        "hold 90 %.",
        style="dim",
    )
    for question in precedents.questions:
        _question(page, question)
    _foot(page, precedents)
    return page.text()


def share(value: float) -> str:
    """A share as a percentage, with more digits where it is small.

    Examples
    --------
    >>> share(0.194), share(0.0041), share(0.00001)
    ('19 %', '0.4 %', 'under 0.1 %')
    """
    percent = 100.0 * value
    if percent == 0.0:
        return "0 %"
    if percent < 0.1:
        return "under 0.1 %"
    return f"{percent:.1f} %" if percent < 10.0 else f"{percent:.0f} %"


def _question(page: Page, question: QuestionPrecedents) -> None:
    page.heading(say.clean(question.text))
    if question.none is not None or question.base_rate is None:
        page.line(f"No base rate: {say.clean(question.none or 'nothing was counted')}.")
        if question.estimate is not None:
            page.line(f"Estimate: {_estimate(question)}.")
        return
    first = question.base_rate
    beside = f"   Estimate: {_estimate(question)}" if question.estimate is not None else ""
    page.line(f"Base rate: {_rate(first)}{beside}", style="bold")
    page.line(say.clean(first.words), indent=2)
    if first.since_1946 is not None:
        came, of = first.since_1946
        page.line(f"Since 1946: {came:,} of {of:,}.", indent=2)
    _cautions(page, first)
    if question.parting is not None:
        page.line(f"PARTS: {say.clean(question.parting.text)}", style="bold")
    for other in question.others:
        page.line(f"Another class: {_rate(other)}. {say.clean(other.words)}", hang=4)
        if page.full:
            _cautions(page, other)
    shown = question.analogues if page.full else question.analogues[:ANALOGUES_SHORT]
    if shown:
        page.line("Nearest cases:")
    for analogue in shown:
        _analogue(page, analogue)
    if len(shown) < len(question.analogues):
        page.line(f"and {len(question.analogues) - len(shown)} more in --full", indent=2, style="dim")


def _rate(rate: BaseRate) -> str:
    return f"{share(rate.rate)} [{share(rate.low)} to {share(rate.high)}]"


def _estimate(question: QuestionPrecedents) -> str:
    value, error = question.estimate or 0.0, question.estimate_error
    if error is None or math.isnan(error):
        return share(value)
    return f"{share(value)} (±{100.0 * error:.1f} points of Monte Carlo)"


def _cautions(page: Page, rate: BaseRate) -> None:
    for caution in rate.cautions:
        page.line(f"But: {say.clean(caution)}{'' if caution.endswith('.') else '.'}", indent=2, style="dim")
    if page.full:
        page.line(f"Counted in {rate.span}: {say.clean('; '.join(rate.sources))}.", indent=2, style="dim")


def _analogue(page: Page, analogue: Analogue) -> None:
    page.line(f"{analogue.day}  {say.clean(analogue.title)}: {say.clean(analogue.ending)}.", indent=2)
    page.line(f"alike: {say.clean('; '.join(analogue.alike)) or 'nothing compared'}", indent=4)
    if analogue.unlike:
        page.line(f"unlike: {say.clean('; '.join(analogue.unlike))}", indent=4)


def _foot(page: Page, precedents: Precedents) -> None:
    page.line("")
    if precedents.data_digest is None:
        page.line(
            "The nearest cases need the historical data: name their folder with --data DIR. The base rates "
            "come from counts that ship with tocsin.",
            style="dim",
        )
    told = f"case {precedents.case_digest[:16]}, rates {precedents.rates_digest[:16]}"
    if precedents.seed is not None:
        told += f", seed {precedents.seed}, {precedents.particles:,} particles"
    page.line(f"tocsin {precedents.version}; {told}", style="dim")
