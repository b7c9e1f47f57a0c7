"""Futures for the terminal and as a page: courses, cascades, times, conditions, rare outcomes."""

from __future__ import annotations

from typing import TypeVar

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.outlook.answer import Condition, Course, Fork, Given, Joining, Outlook, Reach
from tocsin.show import wording as say
from tocsin.show.futures_fields import FIELDS
from tocsin.show.text import WIDTH, Page

Item = TypeVar("Item")

# How much of each list the short view shows.
TURNS_SHORT, SIGNS_SHORT, JOININGS_SHORT, LINKS_SHORT, REACHES_SHORT, GIVEN_SHORT = 5, 2, 6, 4, 8, 4
# A carrier that changed by less leaves the odds as they were.
TELLING_NATS = 0.05


def render_futures(outlook: Outlook, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view.

    Parameters
    ----------
    full : everything; else what fits on about two screens
    width : columns, 60 at the least
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    page.line(say.clean(outlook.head.case), style="bold")
    page.line(
        f"As known at the end of {outlook.head.as_of}, up to {outlook.horizon}; ± is one Monte Carlo "
        "standard error, in points.",
        style="dim",
    )
    if outlook.under_way:
        page.line(f"Under way already: {say.clean(say.listed(outlook.under_way))}.")
    page.heading("Courses")
    for k, course in enumerate(outlook.courses, 1):
        _course(page, k, course)
    page.line(grouping_words(outlook), style="dim")
    _cascade(page, outlook)
    _reaches(page, outlook)
    for condition in outlook.conditions:
        _condition(page, condition)
    _rare(page, outlook)
    return page.text()


def _cut(page: Page, items: tuple[Item, ...], most: int) -> tuple[Item, ...]:
    return items if page.full else items[:most]


def _course(page: Page, k: int, course: Course) -> None:
    page.line(f"{k}. {say.percent(course.chance)}  {say.clean(course.name)}", style="bold", hang=3)
    if course.fork is not None:
        page.line(f"Parts: {fork_words(course.fork)}.", indent=3)
    turns = _cut(page, course.typical, TURNS_SHORT)
    if turns:
        told = "; ".join(f"{turn.day} {say.clean(turn.what)}" for turn in turns)
        rest = len(course.typical) - len(turns)
        page.line(f"Typically: {told}{f'; and {rest} more' if rest else ''}.", indent=3)
    for sign in _cut(page, course.signs, SIGNS_SHORT):
        page.line(
            f"Look within {say.counted(sign.weeks, 'week')} for: {say.clean(sign.name)} (if reported, "
            f"the odds on this course × {sign.ratio:.1f}).",
            indent=3,
        )
    if not course.signs:
        page.line("No indicator of the case hints at it within 12 weeks.", indent=3)
    if course.inadvertent is not None and (page.full or not say.is_uncertain(course.inadvertent)):
        page.line(f"{say.titled(inadvertent_words(course.inadvertent))}.", indent=3)
    if page.full:
        for spread in course.spread:
            day = f", half by {spread.median_day}" if spread.median_day else ""
            page.line(
                f"{say.clean(spread.conflict)}: beyond in {say.share(spread.beyond)}, attack in "
                f"{say.share(spread.attack)}{day}",
                indent=5,
            )


def fork_words(fork: Fork) -> str:
    """Where a course parts from the others."""
    more = fork.reached_on.probability >= fork.reached_off.probability
    if more:
        return (
            f"by {fork.day} {say.clean(fork.front)} has reached {say.clean(fork.rung)} in "
            f"{say.share(fork.reached_on.probability)} of its runs, elsewhere in "
            f"{say.share(fork.reached_off.probability)}; if it does, this course is at "
            f"{say.percent(fork.then)}"
        )
    return (
        f"by {fork.day} {say.clean(fork.front)} has not reached {say.clean(fork.rung)} in "
        f"{say.share(1.0 - fork.reached_on.probability)} of its runs, elsewhere in "
        f"{say.share(1.0 - fork.reached_off.probability)}; if it does not, this course is at "
        f"{say.percent(fork.else_)}"
    )


def inadvertent_words(number: Number) -> str:
    """What misreading and incidents do to a chance; less than nothing needs a word."""
    if say.is_uncertain(number):
        return f"misreading and incidents make no clear difference to it ({say.signed(number, 100, 0)} %)"
    if number.value < 0.0:
        return (
            f"without misreading and incidents it would be likelier by {-100 * number.value:.0f} "
            f"±{100 * number.mc_error:.0f} % of itself: here errors lead elsewhere"
        )
    return (
        f"{100 * number.value:.0f} ±{100 * number.mc_error:.0f} % of its chance is gone without misreading "
        "and incidents"
    )


def grouping_words(outlook: Outlook) -> str:
    """How far the courses can be told apart, and how stable they are."""
    halves = max((abs(c.halves[0] - c.halves[1]) for c in outlook.courses), default=0.0)
    silhouette = outlook.grouping.silhouette
    how = (
        "well"
        if silhouette >= 0.5
        else "fairly"
        if silhouette >= 0.25
        else "weakly: many futures lie between"
    )
    return (
        f"The groups part {how} (silhouette {silhouette:.2f}). Between two halves of the islands a "
        f"probability differs by {say.counted(round(100 * halves), 'point')} at the most."
    )


def _cascade(page: Page, outlook: Outlook) -> None:
    page.heading(f"Who joins (reaches {say.clean(outlook.joining_rung)}), and what carries it")
    for joining in _cut(page, outlook.joinings, JOININGS_SHORT):
        page.line(
            f"{say.percent(joining.joiner.joins)}  {say.clean(joining.front)}; {joining_words(joining)}",
            hang=4,
        )
    if not outlook.joinings:
        page.line("Nobody is left to join.")
    links = _cut(page, outlook.links, LINKS_SHORT)
    if links:
        page.line("One after another:")
    for link in links:
        page.line(
            f"{say.clean(link.first)}, then {say.clean(link.then)} within {link.within_weeks} weeks: "
            f"{say.percent(link.follows)}; in as long a time without the first: {say.percent(link.without)}",
            indent=2,
        )


def joining_words(joining: Joining) -> str:
    """When a front joins, in what order, and what carried it."""
    joiner = joining.joiner
    parts = [f"first {say.percent(joiner.first)}"]
    if joiner.median_day:
        parts.append(f"half by {joiner.median_day}")
    telling = [c for c in joining.carried_by if c.change >= TELLING_NATS]
    if telling:
        told = ", ".join(f"{say.clean(c.label).rstrip('.')} ({say.plus(c.change)} nats)" for c in telling[:2])
        parts.append(f"carried by: {told}")
    elif joining.carried_by:
        parts.append("no term changes much: it was near already, or chance brings it about")
    if joining.tie is not None and joining.tie.change >= 0.005:
        parts.append(f"tie: {say.clean(joining.tie.label)} ({say.plus(joining.tie.change, 2)})")
    parts.append(f"within a step of an incident: {say.share(joining.incident)}")
    return "; ".join(parts)


def _reaches(page: Page, outlook: Outlook) -> None:
    page.heading("When a rung is first reached")
    shown = outlook.reaches if page.full else likeliest_reaches(outlook)
    page.table(
        ("front", "rung", "reached", "early", "half", "late"),
        [
            (
                say.clean(r.front),
                say.clean(r.rung),
                say.percent(reached(r)),
                say.day(r.early),
                say.day(r.median),
                say.day(r.late),
            )
            for r in shown
        ],
        wide=0,
    )
    page.line(
        "Early, half and late: a tenth, half and nine tenths of the runs that reach it have by then.",
        style="dim",
    )


def likeliest_reaches(outlook: Outlook) -> tuple[Reach, ...]:
    """The rungs from the joining rung on, the fronts likeliest to reach it first."""
    rungs = outlook.head.rungs
    high = rungs.index(outlook.joining_rung)
    above = [r for r in outlook.reaches if rungs.index(r.rung) >= high]
    return tuple(sorted(above, key=lambda r: r.never.probability)[:REACHES_SHORT])


def reached(reach: Reach) -> Chance:
    """The chance of reaching a rung."""
    return Chance(probability=1.0 - reach.never.probability, mc_error=reach.never.mc_error)


def _condition(page: Page, condition: Condition) -> None:
    page.heading(f"If {say.clean(condition.text)}")
    page.line(condition_words(condition))
    answers = condition.answers if page.full else largest_given(condition)
    page.table(
        ("question", "now", "if seen", "if made so", "change"),
        [
            (
                say.clean(a.question),
                say.percent(a.before),
                say.percent(a.seen) if a.seen else "–",
                say.percent(a.made) if a.made else "–",
                say.signed(a.change, 100) if a.change else "–",
            )
            for a in answers
        ],
        wide=0,
    )


def largest_given(condition: Condition) -> tuple[Given, ...]:
    """The questions that the condition moves most."""

    def moved(a: Given) -> float:
        seen = abs(a.seen.probability - a.before.probability) if a.seen else 0.0
        return max(seen, abs(a.change.value) if a.change else 0.0)

    return tuple(sorted(condition.answers, key=lambda a: -moved(a))[:GIVEN_SHORT])


def condition_words(condition: Condition) -> str:
    """What a condition means in both ways."""
    text = f"{say.clean(condition.meaning)}. "
    if condition.chance is not None:
        text += f"Comes about by itself: {say.percent(condition.chance)}. "
    if condition.refused is not None:
        text += f"If seen: nothing is said; {condition.refused}. "
    else:
        text += f"If seen: among the particles in which it happens, worth {condition.effective:,.0f}. "
    return f"{text}If made so: {condition.intervention}; other chance is the same."


def _rare(page: Page, outlook: Outlook) -> None:
    if not outlook.rare:
        return
    page.heading("Rare outcomes, by splitting")
    for rare in outlook.rare:
        page.line(
            f"{small(rare.chance)}  {say.clean(rare.text)} By the particles alone: {small(rare.plain)}.",
            hang=4,
        )


def small(chance: Chance) -> str:
    """A small chance with its relative error.

    Examples
    --------
    >>> (
    ...     small(Chance(probability=1.234e-4, mc_error=1.1e-5)),
    ...     small(Chance(probability=0.0076, mc_error=0.001)),
    ... )
    ('0.012 % (±9 % of it)', '0.76 % (±13 % of it)')
    >>> small(Chance(probability=0.0, mc_error=0.001))
    '0 % (none)'
    """
    if chance.probability <= 0.0:
        return "0 % (none)"
    relative = 100.0 * chance.mc_error / chance.probability
    return f"{100.0 * chance.probability:.2g} % (±{relative:.0f} % of it)"


__all__ = ["FIELDS", "render_futures", "small"]
