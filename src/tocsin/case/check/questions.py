"""Whether each question can be resolved, and how those that were turned out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from tocsin.case.check.dates import known_after
from tocsin.case.check.finding import Finding, finding, listed
from tocsin.case.check.names import Names
from tocsin.case.faults import Path, dotted, shown
from tocsin.case.model import Case, Rule

_KINDS = {
    "front": "front",
    "factor": "factor",
    "deal": "deal",
    "any_": "any",
    "all_": "all",
    "at_least": "at_least",
}
# A companion field means something only beside the kind it belongs to.
_COMPANIONS = {"reaches": "front", "above": "factor", "of": "at_least"}


def check_questions(case: Case, names: Names) -> Iterator[Finding]:
    """Rules that name one resolvable thing, within dates that the case covers."""
    if case.end <= case.start:
        return
    for i, question in enumerate(case.questions):
        path = ("questions", i)
        since = question.since or case.start
        yield from _window(case, since, question.by, path, question.since is not None, True)
        yield from _rule(case, question.rule, (*path, "rule"), names, since, question.by)


def _window(
    case: Case, since: dt.date, by: dt.date, path: Path, since_given: bool, by_given: bool
) -> Iterator[Finding]:
    if since_given and since < case.start:
        yield finding(
            (*path, "since"),
            f"{since}, before the start {case.start}",
            f"{case.start} or later",
            "mend the date, or start the case earlier",
        )
    if by_given and by > case.end:
        yield finding(
            (*path, "by"),
            f"{by}, after the end {case.end}",
            f"{case.end} or earlier",
            "mend the date, or end the case later",
        )
    elif by < since and (since_given or by_given):
        field = "by" if by_given else "since"
        found = f"{by}, before {since}" if by_given else f"{since}, after {by}"
        yield finding((*path, field), found, "a by that is not before since", "swap the two or mend one")


def _rule(case: Case, rule: Rule, path: Path, names: Names, since: dt.date, by: dt.date) -> Iterator[Finding]:
    """Findings of one rule; `since` and `by` are what it takes from its question where it has none."""
    yield from _own_window(case, rule, path, since, by)
    given = [name for field, name in _KINDS.items() if getattr(rule, field) is not None]
    if len(given) != 1:
        yield finding(
            path,
            listed(given) if given else "none of them",
            f"exactly one of {', '.join(_KINDS.values())}",
            "keep one; combine several under any, all or at_least",
        )
    for companion, kind in _COMPANIONS.items():
        if getattr(rule, companion) is not None and kind not in given:
            yield finding(
                (*path, companion),
                f"{companion} without {kind}",
                f"{companion} beside {kind}",
                f"add `{kind}:`, or remove {companion}",
            )
        elif getattr(rule, companion) is None and kind in given:
            yield finding(
                path, f"{kind} without {companion}", f"{companion} beside {kind}", f"add `{companion}:`"
            )
    yield from _named(case, rule, path, names)
    for field in ("any_", "all_", "of"):
        parts = getattr(rule, field)
        inner = (*path, field.rstrip("_"))
        if parts is not None and not parts:
            yield finding(inner, "an empty list", "at least one rule", "add a rule")
        for k, part in enumerate(parts or ()):
            yield from _rule(case, part, (*inner, k), names, rule.since or since, rule.by or by)
    if rule.at_least is not None and rule.of is not None and rule.at_least > len(rule.of):
        yield finding(
            (*path, "at_least"),
            f"{rule.at_least} of {len(rule.of)}",
            f"at most {len(rule.of)}",
            "lower it, or add rules under of",
        )


def _own_window(case: Case, rule: Rule, path: Path, since: dt.date, by: dt.date) -> Iterator[Finding]:
    if rule.by is not None and by < rule.by <= case.end:
        yield finding(
            (*path, "by"),
            f"{rule.by}, after the question's {by}",
            f"{by} or earlier",
            "bring it forward, or move the question's date",
        )
    yield from _window(
        case, rule.since or since, rule.by or by, path, rule.since is not None, rule.by is not None
    )


def _named(case: Case, rule: Rule, path: Path, names: Names) -> Iterator[Finding]:
    if rule.front is not None:
        yield from names.unknown("fronts", rule.front, (*path, "front"))
    if rule.reaches is not None:
        yield from names.unknown("rungs", rule.reaches, (*path, "reaches"))
        if rule.reaches == case.ladder.rungs[0].id:
            yield finding(
                (*path, "reaches"),
                f"{shown(rule.reaches)}, the lowest rung",
                "a rung that may not be reached",
                "name a higher rung: every front is always at the lowest or above",
            )
    if rule.factor is not None:
        yield from names.unknown("factors", rule.factor, (*path, "factor"))
    if rule.above is not None and rule.above >= 1.0:
        yield finding(
            (*path, "above"), f"{rule.above:g}", "a value below 1", "lower it: a factor is never above 1"
        )
    if rule.deal is not None:
        yield from names.unknown("deals", rule.deal, (*path, "deal"))
        deal = next((deal for deal in case.deals if deal.id == rule.deal), None)
        if deal is not None and deal.on_table is None and not _brought(case, deal.id):
            yield finding(
                (*path, "deal"),
                f"{shown(deal.id)}, which is never on the table",
                "a deal that can be agreed",
                "give the deal on_table, or an event or lever that puts it there or signs it",
            )


def _brought(case: Case, deal: str) -> bool:
    """Whether an event or lever signs a deal, or puts it on the table."""
    effects = [effect for event in case.events for effect in event.effects]
    effects += [effect for lever in case.levers for effect in lever.effects]
    return any(deal in (effect.deal, effect.table) and effect.shift > 0 for effect in effects)


def check_outcomes(case: Case, names: Names) -> Iterator[Finding]:
    """Outcomes of questions that exist, each once, and in time."""
    by = {question.id: question.by for question in case.questions}
    first: dict[str, int] = {}
    for i, outcome in enumerate(case.outcomes):
        path = ("outcomes", i)
        yield from names.unknown("questions", outcome.question, (*path, "question"))
        yield from known_after(outcome.date, outcome.known, (*path, "known"))
        if outcome.question in first:
            before = dotted(("outcomes", first[outcome.question]))
            yield finding(
                (*path, "question"),
                f"a second outcome of {outcome.question} (first at {before})",
                "one outcome a question",
                "remove one of the two",
            )
        first.setdefault(outcome.question, i)
        day = by.get(outcome.question)
        if outcome.resolved == "yes" and day is not None and outcome.date > day:
            yield finding(
                (*path, "date"),
                f"yes on {outcome.date}, after the question's {day}",
                f"{day} or earlier",
                "write no, or the day on which it came about",
            )
