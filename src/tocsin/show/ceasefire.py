"""Cease-fires for the terminal and as a page, and what every field of their answer means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tocsin.ask.ceasefire.answer import (
    BargainingRange,
    Carrier,
    CeaseFire,
    FrontEffect,
    Part,
    QuestionEffect,
    RangeWeek,
    Settlement,
    Side,
    SignedBy,
    Spoiler,
)
from tocsin.ask.estimate import Number
from tocsin.show import wording as say
from tocsin.show.meaning import FIELDS as ESTIMATE_FIELDS
from tocsin.show.meaning import HEADING
from tocsin.show.text import WIDTH, Page

# How much of each list the short view shows.
SHORT = {"families": 4, "weeks": 5, "questions": 4, "fronts": 4, "factors": 3, "spoilers": 3}

# Nats below which a consideration says nothing.
LEAST = 0.005
# What a family of considerations is called where a deal is weighed.
FAMILIES = {"deterrence": "fear of going on", "disposition": "own appetite", "event": "events"}

FIELDS: Final[dict[str, dict[str, str]]] = HEADING | {
    "Chance": ESTIMATE_FIELDS["Chance"],
    "Number": ESTIMATE_FIELDS["Number"],
    "CeaseFire": {
        "head": "which case, day and seed",
        "by": "the day to which it is looked ahead",
        "push_nats": "by how much a possible spoiler's fronts are pulled up, at the top rung",
        "deals": "the deals asked about, in the order of the case",
    },
    "Settlement": {
        "id": "the deal's id in the case",
        "name": "what it is called",
        "text": "its terms in words",
        "between": "its parties; the first and the second of all that follows",
        "cap": "the highest rung that either may hold while it is in force",
        "on_table": "true if the case has it on the table; if not, it is asked as if it were put there today",
        "in_force": "the chance that it is in force already",
        "rounds_a_week": "rounds of talks a week",
        "breakdown_a_week": "the rate a week at which it breaks down once signed, whoever does what",
        "terms": "what its terms are worth to each party, in nats, as the case states it",
        "sides": "what signing now is worth to each party",
        "agreed": "the chance that both accept if talks are held in the next step",
        "range": "the bargaining range now; null if a party has nothing to give up",
        "no_range": "why there is none",
        "weeks": "the bargaining range week by week, along histories without the deal; the first is now",
        "opens": (
            "the chance that the range is open in some week ahead, given that it is closed now; null if it "
            "hardly ever is"
        ),
        "closes": (
            "the chance that it is closed in some week ahead, given that it is open now; null if it hardly "
            "ever is"
        ),
        "signed": "the chance that it has been signed by each day, on the table from today",
        "holds": "whether it holds for 30, 90 and 180 days",
        "quiet_days": "for how long a spoiled deal is looked at",
        "questions": "what signing it today does to each question still open",
        "fronts": "what it does to each front: first those of others, then those between the parties",
        "factors": "the factors that it moves, the largest change first",
        "spoilers": "who could spoil it, the most harmful first",
    },
    "Side": {
        "actor": "the party",
        "front": "its front toward the other; null if it has none, and so consents to anything",
        "gain": "what signing is worth to it against going on, in nats over its temperature",
        "spread": "posterior standard deviation of that, which is ignorance and not Monte Carlo error",
        "odds": "the odds of accepting at the mean gain: exp(gain)",
        "accepts": "the chance that it accepts in one round, over all that is uncertain",
        "means_more": "the chance that it means to do more than the deal would let it",
        "families": "the gain by sort of consideration: family and nats, the largest first; they sum to it",
        "parts": "the gain consideration by consideration, the largest first; they sum to it",
    },
    "Part": {
        "family": (
            "what sort of consideration: answering in kind, reason, disposition, alliance, deterrence "
            "(fear of going on), opportunity, weariness, event or terms"
        ),
        "label": "the consideration in words",
        "reference": "the id in the case of what it comes from",
        "nats": "what it adds, posterior mean; above 0 it speaks for signing",
        "spread": "posterior standard deviation of that",
    },
    "BargainingRange": {
        "least": "what the second party needs at the least, for even odds that it accepts",
        "most": "what the first party can give at the most, likewise",
        "width": "most less least; below 0 no transfer would do",
        "open": "the chance that some transfer would do",
        "as_proposed": "the chance that the deal would do as it is: no transfer",
    },
    "Spread": {
        "median": "half of the posterior lies below; its error is that of the median",
        "low": "5 % lie below",
        "quarter": "a quarter lies below",
        "three_quarters": "three quarters lie below",
        "high": "95 % lie below",
    },
    "RangeWeek": {
        "day": "the first day of the step",
        "open": "the chance that some transfer would do in it",
        "as_proposed": "the chance that the deal would do as it is",
        "agreed": "the chance that both accept, if talks are held",
        "least": "what the second party needs at the least",
        "most": "what the first party can give at the most",
    },
    "SignedBy": {"day": "the last day that counts", "chance": "the chance that it has been signed by then"},
    "Holding": {
        "days": "for so many days",
        "after_talks": (
            "the chance that it stays in force, given that talks bring it about by the day looked to and "
            "early enough for the end to lie within the case; null if they hardly ever do"
        ),
        "from_share": "the share of histories that this is told of",
        "if_signed_today": "the chance that it stays in force, if it is signed today; null beyond the case",
        "quiet": "the chance that neither party strikes the other for so long, if it is signed today",
    },
    "QuestionEffect": {
        "id": "the question's id",
        "text": "the question as it is put",
        "without": "the answer if the deal is off the table from today, and ended where it was in force",
        "on_table": "the answer if it is on the table from today",
        "signed": "the answer if it is signed today, and on the table again if it breaks",
        "signed_change": "signed less without, with the same chance",
        "table_change": "on the table less without, with the same chance",
        "cheaper": "signed less on the table, with the same chance",
    },
    "FrontEffect": {
        "ref": "the front, written initiator -> target",
        "party": "true if it lies between the parties",
        "rung": "the rung asked about: blows, or beyond the standing limit",
        "without": "the chance that the front reaches it by the day looked to, without the deal",
        "on_table": "the same with the deal on the table",
        "signed": "the same with the deal signed today",
        "signed_change": "signed less without, with the same chance",
        "table_change": "on the table less without, with the same chance",
        "carriers": "what carries it: considerations of the front that change most, averaged over time",
    },
    "Carrier": {
        "actor": "whose consideration it is",
        "family": "what sort of consideration",
        "label": "the consideration in words",
        "reference": "the id in the case of what it comes from",
        "nats": "by how much it changes: at the top rung of a front, or in what signing is worth",
    },
    "FactorEffect": {
        "id": "the factor's id",
        "name": "its name",
        "without": "its mean level up to the day looked to, without the deal",
        "change": "by how much that is higher if the deal is signed today, with the same chance",
        "reasons": "the reasons that it scales",
    },
    "SideChange": {
        "actor": "the party",
        "gain": "by how much what signing is worth to it changes, averaged over the weeks ahead",
    },
    "Spoiler": {
        "actor": "who goes up",
        "fronts": "the fronts that are pulled up from today",
        "why": "why each of them could matter",
        "rises": "change in the chance that one of them goes beyond the standing limit: what the push does",
        "signed": "change in the chance that the deal is signed by the day looked to",
        "quiet": "change in the chance of quiet between the parties, if the deal is signed today",
        "sides": "change in what signing is worth to each party",
        "carriers": "the considerations of the parties that carry it, the most harmful first",
    },
}


def render_ceasefire(answer: CeaseFire, full: bool = False, width: int = WIDTH, colour: bool = False) -> str:
    """The terminal view.

    Parameters
    ----------
    full : everything; else the head of each list
    width : columns, 60 at the least
    colour : mark headings with a terminal's colours
    """
    page = Page(width=max(width, 60), colour=colour, full=full)
    head = answer.head
    page.line(head.case, style="bold")
    page.line(
        f"Cease-fires as of {head.as_of}, looking to {answer.by}"
        f"{f', as seen by {head.variant}' if head.variant else ''}. ± is one Monte Carlo error; nats above 0 "
        "speak for signing, and 0.69 double its odds.",
        style="dim",
    )
    for deal in answer.deals:
        _deal(page, answer, deal)
    page.line("")
    page.line(
        f"tocsin {head.version}; case {head.case_digest[:16]}, seed {head.seed}, "
        f"{head.particles:,} particles on {head.islands} islands",
        style="dim",
    )
    return page.text()


def _deal(page: Page, answer: CeaseFire, deal: Settlement) -> None:
    page.heading(deal.name)
    page.line(f"{deal.id}. {status(deal)}")
    page.line(f"If talks are held now, both accept: {say.percent(deal.agreed)}.", style="bold")
    _sides(page, deal)
    _range(page, deal)
    _coming(page, deal)
    _effects(page, deal)
    _spoilers(page, answer, deal)


def status(deal: Settlement) -> str:
    """Where the deal stands, in a sentence or two."""
    table = (
        "On the table."
        if deal.on_table
        else "Not on the table; what follows is asked as if it were put there today."
    )
    force = f" In force already: {say.percent(deal.in_force)}." if deal.in_force.probability > 0.0 else ""
    return f"{table}{force} It caps {' and '.join(deal.between)} at {deal.cap}."


def _sides(page: Page, deal: Settlement) -> None:
    page.line("")
    page.line("What signing is worth against going on, in nats:")
    for side in deal.sides:
        if side.front is None:
            page.line(f"{side.actor}: has no front toward the other, so that it consents", indent=2)
            continue
        page.line(
            f"{side.actor}: {say.signed(side.gain)} (spread {side.spread:.1f}), so it accepts a round with "
            f"{say.percent(side.accepts)}; means more than {deal.cap} now: {say.percent(side.means_more)}",
            indent=2,
            hang=4,
        )
        telling = [pair for pair in side.families if abs(pair[1].value) >= 10.0 * LEAST]
        shown = side.families if page.full else (telling or side.families)[: SHORT["families"]]
        page.line(
            "of which " + ", ".join(f"{kind(family)} {say.signed(nats)}" for family, nats in shown),
            indent=4,
        )
        if page.full:
            page.table(
                ["    consideration", "nats", "spread", "what"],
                [
                    [
                        f"    {kind(part.family)}",
                        say.signed(part.nats, digits=2),
                        f"{part.spread:.2f}",
                        what(part),
                    ]
                    for part in counting(side)
                ],
                right=(1, 2),
            )
            if idle(side):
                page.line(idle_words(side), indent=4, style="dim")


def kind(family: str) -> str:
    """A family of considerations in words.

    Examples
    --------
    >>> kind("deterrence"), kind("weariness")
    ('fear of going on', 'weariness')
    """
    return FAMILIES.get(family, family)


def counting(side: Side) -> tuple[Part, ...]:
    """The considerations that say anything of this deal now."""
    return tuple(part for part in side.parts if abs(part.nats.value) >= LEAST or part.spread >= 10.0 * LEAST)


def idle(side: Side) -> tuple[Part, ...]:
    """Those that say nothing of it."""
    told = counting(side)
    return tuple(part for part in side.parts if part not in told)


def idle_words(side: Side) -> str:
    """Why a consideration may say nothing, and which do not."""
    names = ", ".join(part.reference or kind(part.family) for part in idle(side))
    return f"Nothing now, since they count from higher rungs, or their factor is at nothing: {names}."


def what(part: object) -> str:
    """A consideration by its id and its words."""
    label, reference = getattr(part, "label", ""), getattr(part, "reference", "")
    return f"{reference}: {label}" if reference and reference != label else label


def _range(page: Page, deal: Settlement) -> None:
    page.line("")
    if deal.range is None:
        page.line(f"No bargaining range: {deal.no_range}.")
        return
    page.line(range_words(deal, deal.range))
    if deal.opens is not None:
        page.line(f"Where it is closed now, it opens in some week by then: {say.percent(deal.opens)}.")
    if deal.closes is not None:
        page.line(f"Where it is open now, it closes in some week by then: {say.percent(deal.closes)}.")
    weeks: Sequence[RangeWeek] = deal.weeks if page.full else spaced(deal.weeks, SHORT["weeks"])
    page.table(
        ["  without the deal", "range open", "as proposed", "both accept", "needed", "to give"],
        [
            [
                f"  {week.day}",
                say.percent(week.open),
                say.percent(week.as_proposed),
                say.percent(week.agreed),
                say.plus(week.least.median.value),
                say.plus(week.most.median.value),
            ]
            for week in weeks
        ],
        right=(1, 2, 3, 4, 5),
    )


def range_words(deal: Settlement, found: BargainingRange) -> str:
    """The bargaining range now, in two sentences."""
    first, second = deal.between
    width = found.width.median.value
    gap = f"{abs(width):.1f} nats {'to spare' if width >= 0.0 else 'short of each other'}"
    return (
        f"Bargaining range now: open with {say.percent(found.open)}, as proposed with "
        f"{say.percent(found.as_proposed)}. For even odds {second} needs {say.signed(found.least.median)} "
        f"from {first}, who can give {say.signed(found.most.median)} at most (medians, on top of the terms): "
        f"{gap}."
    )


def spaced(items: Sequence[RangeWeek], most: int) -> Sequence[RangeWeek]:
    """A few of many, evenly, the first and the last among them.

    Examples
    --------
    >>> spaced(range(10), 4)
    [0, 3, 6, 9]
    """
    if len(items) <= most:
        return items
    return [items[round(k * (len(items) - 1) / (most - 1))] for k in range(most)]


def signed_by(signed: Sequence[SignedBy], most: int) -> Sequence[SignedBy]:
    """The same of the days by which it may be signed."""
    if len(signed) <= most:
        return signed
    return [signed[round(k * (len(signed) - 1) / (most - 1))] for k in range(most)]


def _coming(page: Page, deal: Settlement) -> None:
    page.line("")
    shown = deal.signed if page.full else signed_by(deal.signed, SHORT["weeks"])
    page.line("Signed by: " + "; ".join(f"{entry.day} {say.percent(entry.chance)}" for entry in shown) + ".")
    page.table(
        ["  holds for", "once talks bring it", "if signed today", "and nobody strikes"],
        [
            [
                f"  {entry.days} days",
                say.percent(entry.after_talks) if entry.after_talks else "too rare to say",
                say.percent(entry.if_signed_today) if entry.if_signed_today else "beyond the case",
                say.percent(entry.quiet) if entry.quiet else "beyond the case",
            ]
            for entry in deal.holds
        ],
        right=(1, 2, 3),
    )


def _effects(page: Page, deal: Settlement) -> None:
    page.line("")
    page.line("Signed today against never, the same chance:")
    questions = sorted(deal.questions, key=lambda question: -abs(question.signed_change.value))
    shown = questions if page.full else telling_questions(questions)[: SHORT["questions"]]
    page.table(
        ["  question", "never", "table", "signed", "change, points"],
        [
            [
                f"  {question.id}",
                f"{100 * question.without.probability:.1f} %",
                f"{100 * question.on_table.probability:.1f} %",
                f"{100 * question.signed.probability:.1f} %",
                say.signed(question.signed_change, 100.0),
            ]
            for question in shown
        ],
        right=(1, 2, 3, 4),
    )
    if not shown:
        page.line("no question moves by more than two of its errors", indent=2, style="dim")
    fronts = [front for front in deal.fronts if page.full or (not front.party and is_telling(front))]
    for front in fronts if page.full else fronts[: SHORT["fronts"]]:
        page.line(
            f"{front.ref}, {front.rung} or more: {100 * front.without.probability:.1f} → "
            f"{100 * front.signed.probability:.1f} %, {say.signed(front.signed_change, 100.0)} points"
            f"{f'; {carried(front.carriers)}' if front.carriers else ''}",
            indent=2,
            hang=4,
        )
    if not fronts:
        page.line("no front of others moves by more than two of its errors", indent=2, style="dim")
    factors = [f for f in deal.factors if page.full or not say.is_uncertain(f.change)]
    moved = [
        f"{factor.id} {say.signed(factor.change, digits=2)}"
        for factor in (factors if page.full else factors[: SHORT["factors"]])
    ]
    if moved:
        page.line(f"Factors that it moves: {', '.join(moved)}.", indent=2, hang=4)


def telling_questions(questions: Sequence[QuestionEffect]) -> list[QuestionEffect]:
    """Those whose change is more than two of its errors."""
    return [question for question in questions if not say.is_uncertain(question.signed_change)]


def is_telling(front: FrontEffect) -> bool:
    """Whether a front's change is more than two of its errors."""
    return not say.is_uncertain(front.signed_change)


def carried(carriers: Sequence[Carrier]) -> str:
    """What carries an effect, in words."""
    return "by " + ", ".join(
        f"{kind(carrier.family)}{f' {carrier.reference}' if carrier.reference else ''} "
        f"{say.plus(carrier.nats.value, 2)}"
        for carrier in carriers
    )


def _spoilers(page: Page, answer: CeaseFire, deal: Settlement) -> None:
    if not deal.spoilers:
        return
    page.line("")
    page.line(
        f"Who could spoil it: pulled up by {answer.push_nats:g} nats from today, the same chance. Change, in "
        f"points, of the push itself, of signing by {answer.by}, and of quiet for {deal.quiet_days} days if "
        "signed today:"
    )
    shown: Sequence[Spoiler] = deal.spoilers if page.full else deal.spoilers[: SHORT["spoilers"]]
    page.table(
        ["  actor", "push", "signing", "quiet", "carried by"],
        [
            [
                f"  {spoiler.actor}",
                points(spoiler.rises),
                points(spoiler.signed),
                points(spoiler.quiet),
                carriers_of(spoiler),
            ]
            for spoiler in shown
        ],
        right=(1, 2, 3),
    )
    if page.full:
        for spoiler in deal.spoilers:
            page.line(f"{spoiler.actor}: {'; '.join(spoiler.why)}", indent=2, hang=4, style="dim")


def points(number: Number) -> str:
    """A change of a probability in percentage points, with its error."""
    return say.signed(number, 100.0)


def carriers_of(spoiler: Spoiler) -> str:
    """What carries a spoiler's effect; said plainly where nothing does."""
    told = [
        f"{carrier.actor}: {carrier.reference or kind(carrier.family)} {say.plus(carrier.nats.value, 2)}"
        for carrier in spoiler.carriers
        if carrier.nats.value < 0.0
    ]
    return "; ".join(told) or "nothing that weighs with a party"


__all__ = ["FIELDS", "render_ceasefire"]
