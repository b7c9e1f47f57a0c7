"""What if? A condition read from a line of text, given that it is seen and if it were made so.

The two are different questions. What is *seen* tells also of what is hidden: the particles in which it
happens are kept, and they may be those of a committed actor. What is *made so* tells nothing: every particle
is changed as of now and run on with the same chance.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.futures import chances
from tocsin.ask.inferred import AskError, Inferred
from tocsin.ask.outlook.answer import Condition, Given
from tocsin.ask.resolve import outcomes
from tocsin.case.model import Event
from tocsin.game.compile import compile_case
from tocsin.game.plan import F32, Game, Plan
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import Posterior, paths_of, pool
from tocsin.infer.work import Progress

# An answer given a condition that rests on fewer particles than this is none.
FEWEST = 100.0
# A factor that is made so goes this far beyond what was asked.
MARGIN = 0.02

_FACTOR = re.compile(r"^(?P<id>[a-z][a-z0-9-]*) *(?P<sign>[<>]) *(?P<value>[0-9.]+)(?: +by +(?P<by>\S+))?$")
_FRONT = re.compile(
    r"^(?P<id>[a-z][a-z0-9-]* *-> *[a-z][a-z0-9-]*) +reaches +(?P<rung>[a-z][a-z0-9-]*)"
    r"(?: +by +(?P<by>\S+))?$"
)
_DECIDED = re.compile(r"^(?P<kind>lever|event) *: *(?P<id>[a-z][a-z0-9-]*)$")
EXPECTED = (
    'one of "FACTOR > 0.6 by DATE", "FRONT reaches RUNG by DATE", "lever:ID" and "event:ID", such as '
    '"a -> b reaches strikes by 2024-01-31"; the day may be left out'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """A condition that has been read."""

    text: str
    kind: Literal["factor", "front", "lever", "event"]
    ref: str
    level: float = 0.0  # value of a factor, rung of a front
    above: bool = True
    by: dt.date | None = None

    def meaning(self, game: Game) -> str:
        """The condition as a sentence."""
        until = f" by {self.by}" if self.by else " within the horizon"
        if self.kind == "factor":
            name = {f.id: f.name for f in game.case.factors}[self.ref]
            return f"“{name}” goes {'above' if self.above else 'below'} {self.level:g}{until}"
        if self.kind == "front":
            names = {a.id: a.name for a in game.case.actors}
            one, other = self.ref.split(" -> ")
            return f"{names[one]} reaches {game.rungs[int(self.level)]} against {names[other]}{until}"
        if self.kind == "lever":
            return {lever.id: lever.name for lever in game.case.levers}[self.ref]
        return f"the event {self.ref}"

    def intervention(self, game: Game) -> str:
        """What making it so changes."""
        if self.kind == "factor":
            return "the factor is moved there on the as-of day and then left to itself"
        if self.kind == "front":
            return "the front stands there, ready, on the as-of day and is then left to itself"
        if self.kind == "lever":
            delay = {lever.id: lever.delay_days for lever in game.case.levers}[self.ref]
            return f"the lever is pulled on the as-of day; its effects begin after {delay} days"
        return "its effects begin on the day after the as-of day"


def read_condition(text: str, inferred: Inferred) -> Supposed:
    """Read a condition.

    Raises
    ------
    AskError with what was found, what was expected and what the case has
    """
    game, cleaned = inferred.posterior.game, " ".join(text.split())

    def known(kind: str, found: str, names: tuple[str, ...]) -> str:
        if found not in names:
            raise AskError(
                f"found the {kind} {found!r} in {text!r}; the case has {', '.join(names) or 'none'}"
            )
        return found

    def day(found: str | None) -> dt.date | None:
        if found is None:
            return None
        try:
            by = dt.date.fromisoformat(found)
        except ValueError:
            raise AskError(f"found the date {found!r} in {text!r}; expected one like 2023-12-31") from None
        if not game.as_of < by <= game.case.end:
            raise AskError(
                f"found {by} in {text!r}; expected a day after the as-of date {game.as_of}, "
                f"up to {game.case.end}"
            )
        return by

    if match := _DECIDED.match(cleaned):
        if match["kind"] == "lever":
            known("lever", match["id"], tuple(lever.id for lever in game.case.levers))
            return Supposed(text=cleaned, kind="lever", ref=match["id"])
        known("event", match["id"], tuple(event.id for event in inferred.written.events))
        return Supposed(text=cleaned, kind="event", ref=match["id"])
    if match := _FRONT.match(cleaned):
        ref = known("front", re.sub(r" *-> *", " -> ", match["id"]), game.fronts)
        rung = known("rung", match["rung"], game.rungs)
        return Supposed(
            text=cleaned, kind="front", ref=ref, level=game.rungs.index(rung), by=day(match["by"])
        )
    if match := _FACTOR.match(cleaned):
        ref = known("factor", match["id"], game.factors)
        try:
            value = float(match["value"])
        except ValueError:
            value = -1.0
        if not 0.0 <= value <= 1.0:
            raise AskError(f"found {match['value']} in {text!r}; expected a number from 0 to 1")
        return Supposed(
            text=cleaned, kind="factor", ref=ref, level=value, above=match["sign"] == ">", by=day(match["by"])
        )
    raise AskError(f"found the condition {text!r}; expected {EXPECTED}")


def happens(posterior: Posterior, supposed: Supposed, factor: F32, until: int) -> NDArray[np.bool_]:
    """In which particles a condition comes about after the as-of day: (N,).

    Parameters
    ----------
    factor : (T, K, N) from the step after the as-of step on
    """
    game = posterior.game
    last = until if supposed.by is None else min(game.grid.step_of(supposed.by), game.grid.n_steps)
    steps = max(min(last, game.now + len(factor)) - game.now, 0)
    if supposed.kind == "factor":
        path = factor[:steps, game.factors.index(supposed.ref)]
        true = path > supposed.level if supposed.above else path < supposed.level
    else:
        stood = posterior.paths.posture[game.now + 1 : game.now + 1 + steps, game.fronts.index(supposed.ref)]
        true = stood >= int(supposed.level)
    return np.asarray(true.any(axis=0))


def answer_conditions(
    inferred: Inferred,
    supposed: tuple[Supposed, ...],
    factor: F32,
    until: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> tuple[Condition, ...]:
    """Every question of the case under every condition, in both ways."""
    posterior = inferred.posterior
    game, questions = posterior.game, posterior.game.case.questions
    truths = outcomes(game, posterior.paths, posterior.followed)
    plain = chances(posterior, truths)
    out = []
    for condition in supposed:
        chance, effective, refused = None, 0.0, None
        seen: list[Chance | None] = [None] * len(questions)
        if condition.kind in ("factor", "front"):
            mask = happens(posterior, condition, factor, until)
            (chance,) = chances(posterior, mask[None])
            weight = posterior.weight * mask
            total = float(weight.sum())
            effective = float(total**2 / np.sum(weight**2)) if total > 0.0 else 0.0
            if effective < FEWEST:
                refused = (
                    f"it happens in particles worth {effective:.0f}; expected {FEWEST:.0f} or more; "
                    "raise --particles or ask for something likelier"
                )
            else:
                mean, error = posterior.expect(truths.astype(np.float64), weight)
                seen = [
                    Chance(probability=float(p), mc_error=float(e)) for p, e in zip(mean, error, strict=True)
                ]
        else:
            refused = "only a decision brings it about, so there is no seeing it come"
        made = _made(inferred, condition, threads, progress, cancel)
        out.append(
            Condition(
                text=condition.text,
                meaning=condition.meaning(game),
                chance=chance,
                effective=effective,
                refused=refused,
                intervention=condition.intervention(game),
                answers=tuple(
                    Given(question=q.id, before=before, seen=given, made=after, change=change)
                    for q, before, given, (after, change) in zip(questions, plain, seen, made, strict=True)
                ),
            )
        )
    return tuple(out)


def _made(
    inferred: Inferred,
    supposed: Supposed,
    threads: int | None,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> list[tuple[Chance, Number]]:
    posterior = inferred.posterior
    game = posterior.game
    plan, change = _intervene(inferred, supposed)

    def work(particles: Particles) -> np.ndarray:
        weight = particles.weights()
        sums = []
        for altered in (False, True):
            if altered:
                change(particles)
            run_on(particles, game.grid.n_steps, plan if altered else None)
            truth = outcomes(game, paths_of(particles, posterior.followed), posterior.followed)
            sums.append(truth.astype(np.float64) @ weight)
        return np.stack([sums[1], sums[1] - sums[0]], axis=1)

    parts = each_island(
        posterior, work, threads=threads, progress=progress, cancel=cancel, what="islands with it made so"
    )
    share = posterior.island_weight
    effective = float(1.0 / np.sum(posterior.weight**2))
    mean, error = pool(share[:, None, None] * np.stack(parts), share, effective)
    # A change of exactly nothing in every run is known to be nothing.
    moved = np.abs(np.stack(parts)[..., 1]).max(axis=0).tolist()
    return [
        (
            Chance(probability=float(mean[q, 0]), mc_error=float(error[q, 0])),
            Number(value=float(mean[q, 1]), mc_error=float(error[q, 1]) if moved[q] > 0.0 else 0.0),
        )
        for q in range(len(mean))
    ]


def _intervene(inferred: Inferred, supposed: Supposed) -> tuple[Plan, Callable[[Particles], None]]:
    """The plan to run under, and what is changed in the particles before."""
    game = inferred.posterior.game
    if supposed.kind == "lever":
        return compile_case(inferred.known, game.as_of, pulled=[(supposed.ref, game.as_of)]).plan, _unchanged
    if supposed.kind == "event":
        event = next(e for e in inferred.written.events if e.id == supposed.ref)
        tomorrow = min(game.as_of + dt.timedelta(days=1), game.case.end)
        lasts = event.until - event.date if event.until else None
        taken = {e.id for e in inferred.known.events}
        name = next(n for n in (event.id, *(f"{event.id}-{k}" for k in range(2, 99))) if n not in taken)
        now = Event.model_validate(
            event.model_dump(by_alias=True, exclude_none=True)
            | {"id": name, "date": tomorrow, "known": tomorrow, "until": tomorrow + lasts if lasts else None}
        )
        case = inferred.known.model_copy(update={"events": (*inferred.known.events, now)})
        return compile_case(case, game.as_of).plan, _unchanged

    def change(particles: Particles) -> None:
        now = particles.step
        if supposed.kind == "factor":
            x = particles.factor[now, game.factors.index(supposed.ref)]
            if supposed.above:
                np.maximum(x, min(supposed.level + MARGIN, 1.0), out=x)
            else:
                np.minimum(x, max(supposed.level - MARGIN, 0.0), out=x)
            return
        f, rung = game.fronts.index(supposed.ref), int(supposed.level)
        for array, least in (
            (particles.posture, rung),
            (particles.goal, rung),
            (particles.readiness, int(game.plan.need[rung])),
        ):
            np.maximum(array[now, f], least, out=array[now, f])

    return game.plan, change


def _unchanged(_: Particles) -> None:
    """A decision changes the rules that hold, not the state."""


__all__ = ["EXPECTED", "FEWEST", "Supposed", "answer_conditions", "happens", "read_condition"]
