"""Scores of a ledger: who forecast how well, on the questions whose scheduled close is past.

Three things would flatter or bias a record and are kept out of it. A question counts from its *close*, not
from the day it came true: early yes-resolutions have no early no-resolutions beside them. A forecast that was
issued on or after the day of the outcome knew it, and is left out on either outcome. A forecast that was
*recorded* after the close is hindsight: it is scored, for it tells what the method would have said, but
always apart.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.ledger.entry import YES, Forecast, Recorded
from tocsin.ledger.state import Asked, Status
from tocsin.score.pool import Pool, fit_extremised, linear_pool, log_pool
from tocsin.score.proper import log_score, rps
from tocsin.score.record import Questions, TrackRecord, track_record

# Last day of each group of lead times, and its name.
LEADS: tuple[tuple[float, str], ...] = (
    (30, "up to 30 days"),
    (90, "31 to 90 days"),
    (180, "91 to 180 days"),
    (365, "181 to 365 days"),
    (math.inf, "over a year"),
)
NO_CASE = "no case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Forecasts of yes or no that are scored together.

    Parameters
    ----------
    author : whose; the kind of pool where several are taken together
    part : the case or the lead time they are limited to; empty for all
    record : how they did
    """

    author: str
    part: str
    record: TrackRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Forecasts that are not of yes or no: mean scores without intervals.

    Parameters
    ----------
    author : whose
    score : "log", "RPS" (both of classes) or "CRPS" (of numbers, by quantiles, in the number's own unit)
    mean : lower is better; infinite if a forecast gave no chance to what came
    """

    author: str
    score: str
    forecasts: int
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Questions that several answered: each forecaster's last word, and pools of them, on the same questions.

    Parameters
    ----------
    questions : that two or more answered, of which a pool is scored on every one
    forecasters : each on those that it answered
    pools : on all of them
    """

    questions: int
    forecasters: tuple[Group, ...]
    pools: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Forecasts recorded at one side of their close.

    Parameters
    ----------
    forecasts : how many are scored
    knew : how many were issued on or after the day of the outcome, and are not scored
    """

    forecasts: int
    knew: int
    by_author: tuple[Group, ...]
    by_case: tuple[Group, ...]
    by_lead: tuple[Group, ...]
    others: tuple[Other, ...]
    together: Together | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerScores:
    """The scores of a ledger as it stood at the end of a day.

    Parameters
    ----------
    as_of : the day; only questions that closed before it count
    questions : where they stand
    corrections : resolutions that a later one superseded
    live : recorded by their question's close
    hindsight : recorded after it
    """

    as_of: dt.date
    questions: Questions
    corrections: int
    live: Scored
    hindsight: Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One forecast with what came of it, and the base rate that was on record for its question; else None."""

    row: Recorded[Forecast]
    outcome: str
    base_rate: float | None

    @property
    def key(self) -> str:
        return self.row.value.question.key

    @property
    def author(self) -> str:
        return self.row.value.author


def scores(asked: Iterable[Asked], as_of: dt.date, *, base_rate: float | None = None) -> LedgerScores:
    """Score a ledger's forecasts.

    Parameters
    ----------
    asked : from `Ledger.questions(until=as_of)`
    as_of : the day on which the scores are asked for
    base_rate : of questions for which none was on record when they were forecast; else the share of yes,
        known only afterwards, stands in

    Raises
    ------
    ScoreError if the base rate is no probability
    """
    asked = tuple(asked)
    live: list[_Case] = []
    late: list[_Case] = []
    knew = [0, 0]
    for question in asked:
        resolution = question.resolution
        if resolution is None or question.status(as_of) != "resolved":
            continue
        stated: float | None = None
        for row in question.forecasts:
            # Whoever states none is held to what was stated before: it is the question's, not theirs.
            stated = stated if row.value.base_rate is None else row.value.base_rate
            is_late = row.recorded.date() > question.question.closes
            if row.value.as_of >= resolution.value.on:
                knew[is_late] += 1
            else:
                case = _Case(row=row, outcome=resolution.value.outcome, base_rate=stated)
                (late if is_late else live).append(case)
    score = _Scorer(asked, as_of, base_rate)
    return LedgerScores(
        as_of=as_of,
        questions=score.standing(lambda _: True),
        corrections=sum(question.corrections for question in asked),
        live=score.scored(live, knew[False]),
        hindsight=score.scored(late, knew[True]),
    )


def lead(days: int) -> str:
    """The group that a lead time belongs to.

    Examples
    --------
    >>> lead(30), lead(31), lead(1000)
    ('up to 30 days', '31 to 90 days', 'over a year')
    """
    return next(name for last, name in LEADS if days <= last)


class _Scorer:
    """What all groups share: the questions, the day, and the base rate for whoever states none."""

    def __init__(self, asked: tuple[Asked, ...], as_of: dt.date, base_rate: float | None) -> None:
        self.asked, self.as_of = asked, as_of
        self.base_rate = math.nan if base_rate is None else base_rate

    def standing(self, of: Callable[[Forecast], bool]) -> Questions:
        """Where the questions stand that hold a forecast of this sort."""
        count: Counter[Status] = Counter(
            question.status(self.as_of)
            for question in self.asked
            if any(of(row.value) for row in question.forecasts)
        )
        return Questions(
            resolved=count["resolved"],
            open=count["open"],
            decided_early=count["decided early"],
            overdue=count["overdue"],
            void=count["void"],
        )

    def scored(self, cases: list[_Case], knew: int) -> Scored:
        """Everything there is to say of some forecasts."""
        binary = [case for case in cases if case.row.value.probability is not None]
        authors = sorted({case.author for case in cases})
        return Scored(
            forecasts=len(cases),
            knew=knew,
            by_author=tuple(
                self._group(
                    author,
                    [case for case in binary if case.author == author],
                    unscored=sum(case.author == author for case in cases)
                    - sum(case.author == author for case in binary),
                )
                for author in authors
            ),
            by_case=self._parts(authors, binary, sorted({_case(case.row.value) for case in binary}), _case),
            by_lead=self._parts(authors, binary, [name for _, name in LEADS], _lead),
            others=tuple(other for author in authors for other in _others(author, cases)),
            together=self._together(binary),
        )

    def _parts(
        self, authors: list[str], cases: list[_Case], names: list[str], name_of: Callable[[Forecast], str]
    ) -> tuple[Group, ...]:
        """Each author's forecasts by one of their traits; groups without any are left out."""
        found = []
        for author in authors:
            for name in names:
                part = [case for case in cases if case.author == author and name_of(case.row.value) == name]
                if part:
                    found.append(self._group(author, part, name, partial(_is_of, name_of, name)))
        return tuple(found)

    def _group(
        self,
        author: str,
        cases: list[_Case],
        part: str = "",
        of: Callable[[Forecast], bool] = lambda _: True,
        unscored: int = 0,
    ) -> Group:
        record = track_record(
            [_probability(case) for case in cases],
            [float(case.outcome == YES) for case in cases],
            [case.key for case in cases],
            [self.base_rate if case.base_rate is None else case.base_rate for case in cases],
            day=self.as_of,
            questions=self.standing(lambda f: f.author == author and of(f)),
            unscored=unscored,
        )
        return Group(author=author, part=part, record=record)

    def _together(self, cases: list[_Case]) -> Together | None:
        """The last forecast of each on the questions that two or more answered, and pools of them."""
        last: dict[str, dict[str, _Case]] = {}
        for case in sorted(cases, key=lambda case: (case.row.value.as_of, case.row.number)):
            last.setdefault(case.key, {})[case.author] = case
        shared = {key: by_author for key, by_author in last.items() if len(by_author) > 1}
        if not shared:
            return None
        authors = sorted({author for by_author in shared.values() for author in by_author})
        keys = sorted(shared, key=lambda key: (max(c.row.value.as_of for c in shared[key].values()), key))
        answers = np.array(
            [[_probability(shared[key].get(author)) for author in authors] for key in keys], dtype=np.float64
        )
        some = [next(iter(shared[key].values())) for key in keys]
        came = np.array([float(case.outcome == YES) for case in some])
        bases = [_base_rate(shared[key].values(), self.base_rate) for key in keys]
        issued = [max(c.row.value.as_of for c in shared[key].values()) for key in keys]
        closes = [case.row.value.question.closes for case in some]
        standing = self.standing(lambda _: True)

        def group(name: str, p: np.ndarray, where: np.ndarray) -> Group:
            return Group(
                author=name,
                part="",
                record=track_record(
                    p[where],
                    came[where],
                    np.array(keys)[where],
                    np.array(bases)[where],
                    day=self.as_of,
                    questions=standing,
                ),
            )

        every = np.ones(len(keys), dtype=bool)
        return Together(
            questions=len(keys),
            forecasters=tuple(
                group(author, answers[:, k], ~np.isnan(answers[:, k])) for k, author in enumerate(authors)
            ),
            pools=(
                group("linear pool", linear_pool(len(authors))(answers), every),
                group("logarithmic pool", log_pool(len(authors))(answers), every),
                group("extremised pool", _extremised(answers, came, issued, closes), every),
            ),
        )


def _extremised(
    answers: np.ndarray, came: np.ndarray, issued: list[dt.date], closes: list[dt.date]
) -> np.ndarray:
    """The extremised pool, its exponent fitted for each question to those closed when it was issued."""
    pooled = np.empty(len(answers))
    fitted: dict[tuple[int, ...], Pool] = {}
    for k, day in enumerate(issued):
        past = tuple(j for j, close in enumerate(closes) if close < day)
        if past not in fitted:
            rows = list(past)
            # Without a past there is nothing to fit: an exponent of 1 is the logarithmic pool.
            fitted[past] = fit_extremised(answers[rows], came[rows]) if rows else log_pool(answers.shape[1])
        pooled[k] = fitted[past](answers[k : k + 1])[0]
    return pooled


def _case(forecast: Forecast) -> str:
    return forecast.question.case or NO_CASE


def _lead(forecast: Forecast) -> str:
    return lead(forecast.lead_days)


def _is_of(name_of: Callable[[Forecast], str], name: str, forecast: Forecast) -> bool:
    return name_of(forecast) == name


def _probability(case: _Case | None) -> float:
    return math.nan if case is None or case.row.value.probability is None else case.row.value.probability


def _base_rate(cases: Iterable[_Case], otherwise: float) -> float:
    """The base rate that was stated last."""
    stated = [(case.row.number, case.base_rate) for case in cases if case.base_rate is not None]
    return max(stated)[1] if stated else otherwise


def _others(author: str, cases: list[_Case]) -> list[Other]:
    """Mean scores of an author's forecasts of classes and of numbers."""
    own = [case for case in cases if case.author == author]
    found: dict[str, list[float]] = {}
    for case in own:
        forecast = case.row.value
        if forecast.shares:
            # Typed shares add up to 1 only nearly, and the scores ask for more.
            shares = np.array([forecast.shares]) / math.fsum(forecast.shares)
            came = np.array([forecast.question.classes.index(case.outcome)])
            found.setdefault("log", []).append(float(log_score(shares, came)[0]))
            found.setdefault("RPS", []).append(float(rps(shares, came)[0]))
        elif forecast.quantiles:
            from scoringrules import crps_quantile

            levels, values = np.array(forecast.quantiles).T
            crps = crps_quantile(float(case.outcome), values, levels, backend="numpy")
            found.setdefault("CRPS", []).append(float(crps))
    return [
        Other(author=author, score=score, forecasts=len(each), mean=float(np.mean(each)))
        for score, each in found.items()
    ]
