"""An estimate's answers as forecasts that a ledger can freeze."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tocsin.ask.estimate import Estimate, QuestionEstimate
from tocsin.case.model import Case
from tocsin.case.model import Question as Asked
from tocsin.ledger.entry import Forecast, Question, case_key

AUTHOR = "tocsin"


def forecasts(
    estimate: Estimate,
    case: Case,
    name: str,
    *,
    author: str = AUTHOR,
    base_rates: Mapping[str, float] | None = None,
    notes: Mapping[str, str] | None = None,
) -> tuple[Forecast, ...]:
    """The forecasts of an estimate; questions whose day has passed by the as-of date are left out.

    Parameters
    ----------
    estimate : of this case
    case : states each question's rule
    name : the case's name in the ledger
    author : who is to be scored for them
    base_rates, notes : by question, where there are any

    Raises
    ------
    KeyError if the estimate answers a question that the case does not put
    """
    by_id = {question.id: question for question in case.questions}
    rates, told = base_rates or {}, notes or {}
    return tuple(
        _forecast(
            estimate,
            answer,
            Question(
                key=case_key(name, answer.id),
                text=answer.text,
                closes=answer.by,
                rule=settled_by(by_id[answer.id]),
                case=name,
            ),
            author,
            rates.get(answer.id),
            told.get(answer.id, ""),
        )
        for answer in estimate.questions
        if answer.by >= estimate.as_of
    )


def settled_by(question: Asked) -> str:
    """How a question is settled: in the case's own words if it has any, and by its rule on the ladder.

    Examples
    --------
    >>> import datetime as dt
    >>> from tocsin.case.model import Rule
    >>> rule = Rule(front="north -> south", reaches="war")
    >>> settled_by(
    ...     Asked(id="war", text="War?", rule=rule, by=dt.date(2030, 6, 1), resolution="By two agencies.")
    ... )
    'By two agencies. Rule: {"front":"north -> south","reaches":"war"}'
    """
    formal = question.rule.model_dump_json(exclude_none=True, by_alias=True)
    return " ".join(part for part in (question.resolution.strip(), f"Rule: {formal}") if part)


def _forecast(
    estimate: Estimate,
    answer: QuestionEstimate,
    question: Question,
    author: str,
    base_rate: float | None,
    note: str,
) -> Forecast:
    error = answer.chance.mc_error
    return Forecast(
        question=question,
        author=author,
        as_of=estimate.as_of,
        probability=answer.chance.probability,
        mc_error=None if math.isnan(error) else error,
        confidence=answer.confidence.level,
        base_rate=base_rate,
        case_digest=estimate.case_digest,
        seed=estimate.seed,
        version=estimate.version,
        note=note,
    )
