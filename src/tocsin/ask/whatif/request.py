"""What is asked: numbers written otherwise, reports left out, levers pulled; and the case and game of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from tocsin.ask.inferred import AskError
from tocsin.case.check import check
from tocsin.case.check.explain import explain
from tocsin.case.check.finding import listed
from tocsin.case.faults import dotted, shown
from tocsin.case.known import as_known
from tocsin.case.model import Case, Variant
from tocsin.case.variant import tree_of, validated
from tocsin.game.compile import compile_case
from tocsin.game.levers import lever_plans
from tocsin.game.plan import Game


class WhatIfError(AskError):
    """A change that cannot be made, in the words of a fault."""

    def __init__(self, found: str, expected: str, mend: str, where: str | None = None) -> None:
        super().__init__(f"{f'{where}: ' if where else ''}found {found}; expected {expected}; {mend}")
        self.found, self.expected, self.mend, self.where = found, expected, mend, where


class FullRunError(WhatIfError):
    """A change that the particles at hand say nothing about: only a full run answers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A change to a case, and the question that it is looked at for.

    Examples
    --------
    >>> Request(changes={"reasons.losses.weight": "strong"}).shown_changes()
    (('reasons.losses.weight', '"strong"'),)
    """

    changes: Mapping[str, Any]  # path and value, as in a variant's `change`
    without: tuple[str, ...] = ()  # reports left out
    levers: tuple[str, ...] = ()  # levers pulled on the as-of day
    question: str | None = None  # the one asked about; all of the case's if left out

    def shown_changes(self) -> tuple[tuple[str, str], ...]:
        """The changes by path, each value as JSON; the same whatever order they were made in."""
        return tuple(
            (path, json.dumps(self.changes[path], sort_keys=True, ensure_ascii=False))
            for path in sorted(self.changes)
        )


def changed_case(case: Case, request: Request) -> Case:
    """The case as it would be written, whole, with nothing taken out that came later.

    Raises
    ------
    WhatIfError if a change has no place in the case or makes it wrong, or a report or lever is not there
    """
    _must_name("the report", request.without, (report.id for report in case.reports))
    _must_name("the lever", request.levers, (lever.id for lever in case.levers))
    if request.question is not None:
        _must_name("the question", (request.question,), (question.id for question in case.questions))
    if request.changes:
        variant = Variant(id="what-if", name="what if", change=dict(request.changes))
        tree, refusals = tree_of(case, variant)
        if refusals:
            first = refusals[0]
            raise WhatIfError(first.found, first.expected, first.mend, first.change)
        try:
            case = validated(tree)
            problems = [problem for problem in check(case) if problem.severity == "fault"]
        except ValidationError as error:
            problems = explain(error.errors(include_url=False, include_input=False), tree)
        if problems:
            problem = problems[0]
            raise WhatIfError(problem.found, problem.expected, problem.mend, dotted(problem.path))
    if request.without:
        gone = set(request.without)
        case = case.model_copy(update={"reports": tuple(r for r in case.reports if r.id not in gone)})
    return case


def _must_name(kind: str, wanted: Iterable[str], has: Iterable[str]) -> None:
    known = set(has)
    for name in wanted:
        if name not in known:
            raise WhatIfError(
                f"{kind} {shown(name)}, which the case has not",
                f"one of {listed(sorted(known))}",
                "name one of those",
            )


def changed_game(case: Case, day: dt.date, levers: Iterable[str]) -> Game:
    """The game of a case as known on a day, with levers pulled then.

    A lever works from the first step that is not over on the day, as in `tocsin.ask.options`.
    """
    known, pulled = as_known(case, day), tuple(levers)
    if not pulled:
        return compile_case(known, day)
    plans = lever_plans(known, day)
    return replace(plans.game, plan=plans.plan(pulled))


__all__ = ["FullRunError", "Request", "WhatIfError", "changed_case", "changed_game"]
