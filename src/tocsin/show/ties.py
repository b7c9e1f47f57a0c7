"""The answer of `ties` for the terminal and as a page, and what each of its fields means."""

from __future__ import annotations

from typing import Final

from tocsin.ask.ties import Learner, Stretch, Ties
from tocsin.show import wording as say
from tocsin.show.plain import Json, schema_of
from tocsin.show.text import WIDTH, Page

# How many of each the short view shows.
LESSONS, MISSED, TURNS = 8, 6, 12
# A change below half a tenth of a point shows as nothing.
SHOWN = 0.0005

FIELDS: Final[dict[str, dict[str, str]]] = {
    "Ties": {
        "head": "the case, the day, and how to get this again",
        "start": "the case's first day, whose skills are the priors of every estimate",
        "learners": "every actor, in the case's order",
        "bonds": "every relation up to the day, in the order in which they formed",
        "turns": "every day on which a relation changed, in order",
    },
    "ExactHeading": {
        "version": "of tocsin",
        "case": "the case's title",
        "question": "what the case as a whole asks",
        "case_digest": "SHA-256 of the case as it was known on the day",
        "variant": "the view that the case was taken in; null for the case's own",
        "as_of": "the day up to which ties count",
    },
    "Learner": {
        "id": "the actor's id",
        "name": "its name",
        "own": "skill at denial and deception before any tie taught it something, 0 to 1",
        "skill": "skill on the day, which is the chance before any report that it deceives",
        "at_start": "skill on the case's first day, or on the day itself if that is earlier",
        "lessons": "what it could have learned from whom, largest gain first; own and gains add up to skill",
        "origins": "whose own skill its skill began as, largest first; the shares add up to skill",
        "without": "its skill had one tie never been, for each tie that matters to it, largest change first",
        "path": "its skill at the turn of each year since the first tie that teaches, and on the day",
        "place": (
            "where a picture of the network puts it, from -1 to 1 across and downward; of all ties that the "
            "case writes, whenever they hold, so that it is the same for every day. For drawing alone"
        ),
    },
    "Lesson": {
        "teacher": "from whom",
        "kind": "over what kind of tie",
        "since": "the first day of the first such tie",
        "gained": "skill handed on up to the day",
        "half_by": "the day by which half of that had been handed on",
    },
    "Origin": {
        "actor": "whose own skill it was, however many hands it went through",
        "share": "how much of the skill began there",
    },
    "Without": {
        "tie": "the relation that is taken as never having been, all its stretches",
        "skill": "the actor's skill then; other ties teach as they then would",
        "change": "that less its skill as it is, so below zero",
    },
    "Level": {"day": "a day", "skill": "the skill on it"},
    "Bond": {
        "ref": "the relation as the case writes it, with its kind",
        "one": "the patron, guarantor, trainer or host; either actor where it binds both ways",
        "other": "the other actor",
        "kind": "what binds or divides them",
        "mutual": "whether it binds both ways",
        "teaches": "whether skill can spread along it",
        "holds": "whether it holds on the day",
        "stretches": "the times during which it held at one strength, in order",
    },
    "Stretch": {
        "since": "first day",
        "until": "first day on which it no longer held so; null if it holds on the day",
        "strength": "0 to 1, the median of what the case gives",
        "note": "what it rests on",
    },
    "Turn": {
        "day": "when",
        "what": "formed, broke, mended, strengthened or weakened",
        "bond": "the relation",
        "strength": "its strength from then on; null if it broke",
        "note": "what it rests on",
    },
}


def schema() -> Json:
    """JSON Schema of ``ties.json``."""
    return schema_of(
        Ties,
        FIELDS,
        title="ties.json",
        description="Who could have learned concealment from whom, and the network over time.",
    )


def points(share: float, digits: int = 1) -> str:
    """A share, or a change of one, in points of a hundred.

    Examples
    --------
    >>> points(0.1659), points(-0.094), points(0.0)
    ('+16.6', '−9.4', '0.0')
    """
    return say.plus(100.0 * share, digits) if abs(100.0 * share) >= 0.5 * 10**-digits else f"{0:.{digits}f}"


def percent(share: float) -> str:
    """A share in per cent, to a tenth: it is computed, not drawn, and has no error.

    Examples
    --------
    >>> percent(0.74634)
    '74.6 %'
    """
    return f"{100.0 * share:.1f} %"


def learned(answer: Ties) -> tuple[Learner, ...]:
    """Those whom some tie taught something that shows, most first."""
    gained = (one for one in answer.learners if one.skill - one.own >= SHOWN)
    return tuple(sorted(gained, key=lambda one: one.own - one.skill))


def strength_of(stretch: Stretch) -> str:
    """A strength as a number from 0 to 1."""
    return f"{stretch.strength:g}"


def render_ties(answer: Ties, *, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view.

    Parameters
    ----------
    full : every lesson, tie and turn; else the largest and the latest
    width : columns, 60 at the least
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    head = answer.head
    page.line(say.clean(head.case), style="bold")
    if head.variant is not None:
        page.line(f"The case in the view of {say.clean(head.variant)}, not as it is written.")
    page.line(
        f"Ties up to the end of {head.as_of}, and what could have spread along them. Nothing here is drawn, "
        "so there is no Monte Carlo error; rates of teaching are a judgement.",
        style="dim",
    )
    _skills(page, answer)
    _lessons(page, answer)
    _without(page, answer)
    _turns(page, answer)
    if full:
        _bonds(page, answer)
    page.line("")
    page.line(f"case {head.case_digest[:16]}, tocsin {head.version}", style="dim")
    return page.text()


def _skills(page: Page, answer: Ties) -> None:
    page.heading("Skill at concealment, which is the prior that an actor deceives")
    taught = learned(answer)
    shown = answer.learners if page.full else taught
    if not shown:
        page.line("No tie has taught anybody anything by this day: every actor has its own skill alone.")
        return
    page.table(
        ("actor", "own", "now", "learned", "began as"),
        [
            (
                say.clean(one.id),
                percent(one.own),
                percent(one.skill),
                points(one.skill - one.own),
                ", ".join(
                    f"{origin.actor} {100 * origin.share:.1f}"
                    for origin in one.origins
                    if origin.share >= SHOWN
                ),
            )
            for one in shown
        ],
        right=(1, 2, 3),
    )
    if not page.full and len(taught) < len(answer.learners):
        page.line(
            f"Of {say.counted(len(answer.learners), 'actor')}, the others have learned nothing.", style="dim"
        )
    if answer.head.as_of > answer.start:
        largest = max(abs(one.skill - one.at_start) for one in answer.learners)
        page.line(
            f"Estimates of this case take the skills of its first day, {answer.start}, as priors: "
            + (f"{100 * largest:.1f} points off at most." if largest >= SHOWN else "the same to a tenth."),
            style="dim",
        )


def _lessons(page: Page, answer: Ties) -> None:
    rows = [(one, lesson) for one in answer.learners for lesson in one.lessons if lesson.gained >= SHOWN]
    rows.sort(key=lambda pair: -pair[1].gained)
    if not rows:
        return
    page.heading("Who could have learned from whom, in points")
    shown = rows if page.full else rows[:LESSONS]
    page.table(
        ("pupil", "teacher", "over", "since", "gained", "half of it by"),
        [
            (one.id, lesson.teacher, lesson.kind, lesson.since.isoformat(), points(lesson.gained),
             lesson.half_by.isoformat())
            for one, lesson in shown
        ],
        right=(4,),
        wide=2,
    )  # fmt: skip
    _more(page, len(rows) - len(shown), "lesson")


def _without(page: Page, answer: Ties) -> None:
    rows = [(one, other) for one in answer.learners for other in one.without if -other.change >= SHOWN]
    rows.sort(key=lambda pair: pair[1].change)
    if not rows:
        return
    page.heading("What the prior would be without a tie")
    shown = rows if page.full else rows[:MISSED]
    page.table(
        ("actor", "without", "prior", "would be", "change"),
        [
            (one.id, say.clean(other.tie), percent(one.skill), percent(other.skill), points(other.change))
            for one, other in shown
        ],
        right=(2, 3, 4),
        wide=1,
    )
    _more(page, len(rows) - len(shown), "tie")
    page.line(
        "One tie gone, the others teach more: changes are smaller than what each tie gave.", style="dim"
    )


def _turns(page: Page, answer: Ties) -> None:
    page.heading("Ties that formed, broke and mended")
    if not answer.turns:
        page.line("The case has no tie up to this day.")
        return
    shown = answer.turns if page.full else answer.turns[-TURNS:]
    _more(page, len(answer.turns) - len(shown), "earlier turn")
    page.table(
        ("day", "", "tie", "strength"),
        [
            (
                turn.day.isoformat(),
                turn.what,
                say.clean(turn.bond),
                "" if turn.strength is None else f"{turn.strength:g}",
            )
            for turn in shown
        ],
        right=(3,),
        wide=2,
    )


def _bonds(page: Page, answer: Ties) -> None:
    page.heading(f"Ties that hold on {answer.head.as_of}")
    holding = [bond for bond in answer.bonds if bond.holds]
    if not holding:
        page.line("None.")
    for bond in holding:
        last = bond.stretches[-1]
        way = "both ways" if bond.mutual else "one way"
        teaching = "can teach" if bond.teaches else "teaches nothing"
        page.line(
            f"{say.clean(bond.ref)}: {strength_of(last)} since {last.since}, {way}, {teaching}."
            + (f" {say.clean(last.note)}" if last.note else "")
        )


def _more(page: Page, rest: int, noun: str) -> None:
    if rest > 0:
        page.line(f"and {say.counted(rest, noun)} more in --full and in the report", style="dim")
