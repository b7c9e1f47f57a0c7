"""Options: what each lever and each affordable portfolio of levers does to the odds, and which holds up.

Every portfolio is pulled on the as-of day and run on from the posterior's own particles with the same chance
as doing nothing, so that what differs, differs because of the levers.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence

import numpy as np

from tocsin.ask.heading import heading
from tocsin.ask.inferred import FEWEST_PER_ISLAND, AskError, Inferred
from tocsin.ask.options.answer import Choice, Options, PortfolioAnswer
from tocsin.ask.options.choice import (
    Front,
    Regret,
    alike,
    front_of,
    measured_elsewhere,
    regret_of,
    robustness,
)
from tocsin.ask.options.doubts import doubtful_numbers, doubts_of
from tocsin.ask.options.groups import groups_of, opponents_of
from tocsin.ask.options.levers import try_levers
from tocsin.ask.options.portfolios import BEAM, Purse, grow, list_portfolios
from tocsin.ask.options.trial import Risk, Trial
from tocsin.case.model import Case, Lever
from tocsin.game.plan import F64
from tocsin.infer.work import Progress

DEFAULT_HISTORIES, DEFAULT_MOST = 20_000, 512
# Portfolios shown with their regrets and their robustness; the best by each rule are always among them.
MOST_FINALISTS = 12


class OptionsError(AskError):
    """Levers, questions or a budget about which nothing can be asked."""


def options(
    inferred: Inferred,
    *,
    budget: float | None = None,
    questions: Mapping[str, float] | Sequence[str] = (),
    by: Sequence[str] = (),
    most: int = DEFAULT_MOST,
    at_most: float | None = None,
    histories: int = DEFAULT_HISTORIES,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Options:
    """What every lever and every affordable portfolio does to the odds, and which choice holds up.

    Parameters
    ----------
    inferred : from `tocsin.ask.inferred.infer`; levers are pulled on its as-of day
    budget : what there is to spend, in the case's own unit; no limit if left out
    questions : what to avoid: ids, or ids with weights; the first question still open if left out
    by : actors whose levers are considered; all if left out
    most : at most so many portfolios are run
    at_most : the risk that a choice has to meet whatever numbers are wrong; that of doing nothing, as
        estimated, if left out
    histories : on which every lever is tried
    threads, progress, cancel : as in `tocsin.assess`

    Raises
    ------
    OptionsError if there is no lever, no such question or actor, or nothing left to ask; CancelledError

    Examples
    --------
    >>> options(infer(case), budget=6).choice.least  # doctest: +SKIP
    ('gaza-ceasefire',)
    """
    case = inferred.known
    risk = _risk(case, questions, inferred.as_of)
    levers = _levers(case, by)
    _must_be_sound(budget, most, at_most, histories, inferred.posterior.islands)
    trial = Trial(inferred, risk, histories=histories, threads=threads, progress=progress, cancel=cancel)
    asked = tuple(case.questions[q] for q in risk.columns)
    opponents = opponents_of(trial.game, asked)
    drawn = trial.drawn()
    each = try_levers(trial, levers, groups_of(trial.posterior, opponents, asked))
    done = {answer.id for answer in each if answer.done}
    purse = Purse(costs={lever.id: lever.cost for lever in levers if lever.id not in done}, budget=budget)
    rule, left_out = _run_portfolios(trial, purse, most)
    cost = [purse.cost(portfolio) for portfolio in trial.portfolios]
    means = np.stack([trial.risk_counts(k).with_it for k in range(len(cost))], axis=1)
    risks = trial.islands.weight @ means
    least = _first(risks, cost, range(len(cost)))
    singles = [k for k, portfolio in enumerate(trial.portfolios) if len(portfolio) == 1]
    doubts = doubts_of(trial, drawn, singles)
    regret = regret_of(trial, drawn, opponents, doubts, cost)
    front = front_of(trial, means, cost)
    same = alike(trial, means, least)
    cheapest = min(same, key=lambda k: (cost[k], risks[k], k))
    minimax = regret.minimax(cost)
    nothing = trial.islands.chance(means[:, 0])
    stated = nothing.probability if at_most is None else at_most
    finalists = _finalists(risks, front, (0, least, cheapest, minimax))
    robust = robustness(trial, drawn, doubts, finalists, stated)
    most_robust = max(
        range(len(robust)),
        key=lambda r: (h.value if (h := robust[r].horizon) else -1.0, -robust[r].risk.probability),
    )
    return Options(
        head=heading(inferred),
        histories=trial.histories,
        risk=tuple((q.id, q.text, w) for q, w in zip(asked, risk.weights, strict=True)),
        opponents=opponents,
        budget=budget,
        by=tuple(by),
        nothing=nothing,
        levers=each,
        portfolios=_portfolios(trial, cost, front, regret),
        rule=rule,
        left_out=left_out,
        choice=Choice(
            least=trial.portfolios[least],
            elsewhere=measured_elsewhere(trial, means),
            cheapest=trial.portfolios[cheapest],
            alike=len(same),
            minimax=trial.portfolios[minimax],
            minimax_regret=regret.worst(minimax)[0],
            robust=robust[most_robust].levers,
            at_most=stated,
        ),
        scenarios=regret.scenarios,
        scenarios_left_out=regret.left_out,
        regrets=tuple(regret.row(trial, k) for k in finalists),
        doubtful=doubtful_numbers(trial, drawn, doubts, least),
        robustness=robust,
    )


def _risk(case: Case, questions: Mapping[str, float] | Sequence[str], as_of: dt.date) -> Risk:
    ids = [question.id for question in case.questions]
    still_open = [question.id for question in case.questions if question.by > as_of]
    if not still_open:
        raise OptionsError(f"no question of the case looks beyond {as_of}; levers could change none of them")
    weights = dict(questions) if isinstance(questions, Mapping) else dict.fromkeys(questions, 1.0)
    if not weights:
        weights = {still_open[0]: 1.0}
    for question, weight in weights.items():
        if question not in ids:
            raise OptionsError(f"found the question {question!r}; the case has {', '.join(ids)}")
        if question not in still_open:
            raise OptionsError(f"the question {question!r} does not look beyond {as_of}; no lever changes it")
        if not 0.0 < weight < float("inf"):
            raise OptionsError(f"found the weight {weight:g} for {question!r}; expected one above 0")
    total = sum(weights.values())
    return Risk(
        columns=tuple(ids.index(question) for question in weights),
        weights=tuple(weight / total for weight in weights.values()),
    )


def _levers(case: Case, by: Sequence[str]) -> tuple[Lever, ...]:
    if not case.levers:
        raise OptionsError("the case has no levers; write what could be done in its levers.yaml")
    having = tuple(dict.fromkeys(lever.actor for lever in case.levers))
    for actor in by:
        if actor not in having:
            raise OptionsError(f"found {actor!r}, which has no lever; levers are {', '.join(having)}'s")
    return tuple(lever for lever in case.levers if not by or lever.actor in by)


def _must_be_sound(
    budget: float | None, most: int, at_most: float | None, histories: int, islands: int
) -> None:
    if budget is not None and not 0.0 <= budget < float("inf"):
        raise OptionsError(f"found the budget {budget:g}; expected 0 or more, or none named for no limit")
    if most < 1:
        raise OptionsError(f"found at most {most} portfolios; expected 1 or more")
    if at_most is not None and not 0.0 <= at_most <= 1.0:
        raise OptionsError(f"found the stated risk {at_most:g}; expected a probability from 0 to 1")
    if histories < islands * FEWEST_PER_ISLAND:
        raise OptionsError(
            f"found {histories} histories; expected at least {islands * FEWEST_PER_ISLAND}, "
            f"{FEWEST_PER_ISLAND} for each of the {islands} islands"
        )


def _run_portfolios(trial: Trial, purse: Purse, most: int) -> tuple[str, str]:
    """Run what is listed, then grow where not all was; says what was run and what was not."""
    listed = list_portfolios(purse, most)
    trial.add([(), *listed.portfolios])
    run, count = len(listed.portfolios), purse.count()
    if listed.complete:
        levers = "1 lever" if len(purse.costs) == 1 else f"{len(purse.costs)} levers"
        return f"every affordable portfolio of {levers}: {run:,}, and nothing", ""
    size, grown = listed.sizes[-1], 0
    while True:
        of_size = [k for k, found in enumerate(trial.portfolios) if len(found) == size]
        best = sorted(of_size, key=lambda k: (float(trial.islands.weight @ trial.risk_counts(k).with_it), k))
        batch = grow(purse, [trial.portfolios[k] for k in best[:BEAM]], trial.portfolios, most - run - grown)
        if not batch:
            break
        trial.add(batch, f"islands, portfolios of {size + 1}")
        grown += len(batch)
        size += 1
    words = {1: "single levers", 2: "pairs", 3: "triples"}
    whole = ", ".join(words[s] for s in listed.sizes)
    rule = (
        f"all affordable {whole} ({run:,}), then {grown:,} grown lever by lever from the {BEAM} of least "
        f"risk of each size, at most {most:,} in all; and nothing"
    )
    rest = f"{count - run - grown:,}" if count is not None else "very many"
    return rule, f"{rest} affordable portfolios were not run; one of them may be better"


def _first(risks: F64, cost: Sequence[float], among: Sequence[int] | range) -> int:
    """The least risk; of equals the cheapest, then the first."""
    return min(among, key=lambda k: (float(risks[k]), cost[k], k))


def _finalists(risks: F64, front: Front, always: Sequence[int]) -> tuple[int, ...]:
    """Portfolios worth a closer look: what the rules picked, then the front from the least risk on."""
    on_front = [k for k, on in enumerate(front.on_front) if on]
    ranked = dict.fromkeys([*always, *sorted(on_front, key=lambda k: (float(risks[k]), k))])
    return tuple(sorted(list(ranked)[:MOST_FINALISTS], key=lambda k: (float(risks[k]), k)))


def _portfolios(
    trial: Trial, cost: Sequence[float], front: Front, regret: Regret
) -> tuple[PortfolioAnswer, ...]:
    """Every portfolio run, least risk first."""
    islands, answers = trial.islands, []
    for k, portfolio in enumerate(trial.portfolios):
        nothing = not portfolio
        outcome = islands.outcome("risk", trial.risk_counts(k), exact=nothing)
        worst, scenario = regret.worst(k)
        answers.append(
            PortfolioAnswer(
                levers=portfolio,
                cost=cost[k],
                risk=outcome.with_it,
                change=outcome.change,
                backfires=outcome.backfires,
                prevents=outcome.prevents,
                questions=tuple(
                    (question.id, islands.outcome(question.id, trial.counts(k, q), exact=nothing).change)
                    for q, question in enumerate(trial.questions)
                ),
                on_front=front.on_front[k],
                doubtful=front.doubtful[k],
                worst_regret=worst,
                worst_scenario=regret.scenarios[scenario].label,
            )
        )
    return tuple(sorted(answers, key=lambda a: (a.risk.probability, a.cost, len(a.levers))))


__all__ = ["DEFAULT_HISTORIES", "DEFAULT_MOST", "Options", "OptionsError", "options"]
