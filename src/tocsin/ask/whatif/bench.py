"""A case laid out so that its numbers can be moved: inferred once, asked as often as one likes.

The particles of the case as it stands are kept with their whole past. A change weighs them anew
(`tocsin.ask.whatif.past`) and runs them on with the same chance, so that the answer moves with the change and
does not jitter. It is an importance sample: the further a change leads away, the fewer particles carry its
answer, and the answer says how many. Use `in_full` for a change that leads too far.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin import __version__
from tocsin.ask.bands import band
from tocsin.ask.estimate import FanStep
from tocsin.ask.heading import Heading
from tocsin.ask.inferred import DEFAULT_ISLANDS, DEFAULT_SEED, as_of_day, must_suffice
from tocsin.ask.resolve import followed_factors, resolve
from tocsin.ask.weights import FEWEST
from tocsin.ask.whatif.answer import FrontFan, InFull, QuestionShift, WhatIf
from tocsin.ask.whatif.past import Base, Comparison, Island, compare, settled, under
from tocsin.ask.whatif.pooling import Sums, shifts
from tocsin.ask.whatif.request import FullRunError, Request, WhatIfError, changed_case, changed_game
from tocsin.case.known import digest
from tocsin.case.model import Case, Question, Rule
from tocsin.game.plan import F64, Game
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import filter_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import Paths
from tocsin.infer.work import Progress, do_all

DEFAULT_PARTICLES = 20_000
# Fewer particles than these behind an answer, or on the rarer side of a question, and it is called rough.
FEWEST_ASIDE = 25.0
# So small a share of the particles left, and those that are missing may be the ones that matter.
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One island run on: sums of its weights, times exp(`scale`), and of what they came to."""

    scale: float
    total: float
    square: float
    yes: F64  # (Q,)
    yes_square: F64  # (Q,)
    fans: F64  # (T', F', L) weight on each rung


class Bench:
    """A case whose numbers can be moved.

    Parameters
    ----------
    case : a checked case
    as_of : last day whose news counts; the case's own if left out
    particles, islands, seed, threads, progress, cancel : as in `tocsin.assess`
    variant : name of the view that `case` was taken in, to be told with the answer
    made : a change that is made before anything is inferred, so that the base is the changed case

    Raises
    ------
    AskError if the day lies outside the case or the particles are too few; WhatIfError if `made` cannot be;
    DegenerateWeightsError; CancelledError

    Examples
    --------
    >>> bench = Bench(tocsin.load("cases/lebanon-2023"), "2023-10-11")  # doctest: +SKIP
    >>> bench.ask(Request(changes={"reasons.hezbollah-losses.weight": 3.0})).questions[
    ...     0
    ... ].shift  # doctest: +SKIP
    Number(value=-0.0203, mc_error=0.0011)
    """

    def __init__(
        self,
        case: Case,
        as_of: dt.date | str | None = None,
        *,
        particles: int = DEFAULT_PARTICLES,
        islands: int = DEFAULT_ISLANDS,
        seed: int = DEFAULT_SEED,
        variant: str | None = None,
        made: Request | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        day = as_of_day(case, as_of)
        must_suffice(particles, islands, threads)
        self._made = made or Request(changes={})
        self.case = changed_case(case, self._made)
        self.as_of, self.seed, self.variant = day, seed, variant
        self._threads = threads
        game = changed_game(self.case, day, self._made.levers)
        n = -(-particles // islands)
        evidence = compile_evidence(game)
        self._base = Base.of(game, evidence)
        self._followed = followed_factors(game)

        def filtered(island: int) -> Particles:
            return filter_island(game, evidence, n=n, seed=seed, island=island)[0]

        jobs = [partial(filtered, island) for island in range(islands)]
        parts = do_all(jobs, "islands filtered", threads=threads, progress=progress, cancel=cancel)
        log_evidence = np.array([part.log_evidence_now() for part in parts])
        share = np.exp(log_evidence - log_evidence.max())
        share /= share.sum()
        self._islands = [settled(part, float(s)) for part, s in zip(parts, share, strict=True)]
        # The islands' futures are overwritten by whoever asks.
        self._lock = threading.Lock()
        questions = self.case.questions
        self._last = _last_step(game, questions)
        runs = self._each(partial(self._run_as_it_is, questions, tuple(range(len(game.fronts))), self._last))
        self._sums = _sums(runs)
        self._shares = _shares(runs)

    @property
    def particles(self) -> int:
        """N, over all islands."""
        return sum(island.particles.n for island in self._islands)

    @property
    def game(self) -> Game:
        """The game of the case as it stands."""
        return self._base.game

    @property
    def bytes(self) -> int:
        """Memory that the particles take."""
        names = (
            "posture",
            "goal",
            "readiness",
            "factor",
            "standing",
            "wear",
            "deal",
            "slots",
            "values",
            "rows",
            "z",
        )
        return sum(getattr(island.particles, name).nbytes for island in self._islands for name in names)

    def head(self) -> Heading:
        """The case as it stands, and how to get its numbers again."""
        game = self.game
        return Heading(
            version=__version__,
            case=game.case.title,
            question=game.case.question,
            case_digest=digest(game.case),
            variant=self.variant,
            as_of=self.as_of,
            seed=self.seed,
            particles=self.particles,
            islands=len(self._islands),
            rungs=game.rungs,
        )

    def ask(self, request: Request) -> WhatIf:
        """What the answers would be under a change.

        Raises
        ------
        WhatIfError if the change cannot be made; its FullRunError if only a full run answers it
        """
        asked, until = self._asked(request.question)
        other = self._compared(request)
        fronts = self._fronts_of(request.question)
        with self._lock:
            runs = self._each(partial(self._run_changed, asked, fronts, until, other))
        if not any(run.total > 0.0 for run in runs):
            raise FullRunError(
                "a change under which nothing that the particles hold could have happened",
                "a smaller change",
                "run it in full",
            )
        now, columns = _sums(runs), [self.case.questions.index(question) for question in asked]
        base = Sums(
            total=self._sums.total,
            square=self._sums.square,
            yes=self._sums.yes.take(columns, axis=1),
            yes_square=self._sums.yes_square.take(columns, axis=1),
        )
        share = now.effective / base.effective
        asked_about = [k for k, q in enumerate(asked) if request.question in (None, q.id)]
        aside = now.aside()[asked_about]
        was_aside = base.aside()[asked_about]
        days = self._days(until)
        after = _shares(runs)
        return WhatIf(
            head=self.head(),
            question=request.question,
            changes=request.shown_changes(),
            without=tuple(sorted(request.without)),
            levers=tuple(sorted(request.levers)),
            horizon=days[-1],
            questions=tuple(
                QuestionShift(
                    id=question.id,
                    text=question.text,
                    by=question.by,
                    base=was,
                    base_band=band(was),
                    now=is_,
                    band=band(is_),
                    shift=moved,
                )
                for question, was, is_, moved in zip(
                    asked, base.chances(), now.chances(), shifts(base, now), strict=True
                )
            ),
            fans=tuple(
                FrontFan(
                    ref=self.game.fronts[f],
                    base=_fan(days, self._shares[: len(days), f]),
                    now=_fan(days, after[:, k]),
                )
                for k, f in enumerate(fronts)
            ),
            effective=now.effective,
            effective_share=share,
            rough=now.effective < FEWEST
            or share < LEAST_SHARE
            or bool(((aside < FEWEST_ASIDE) & (aside < 0.5 * was_aside)).any()),
            held=other.held,
            notes=self._notes(request, other),
        )

    def as_it_stands(self, question: str | None = None) -> InFull:
        """The chances of the base, to the horizon of a question if one is named.

        Raises
        ------
        WhatIfError if there is no such question
        """
        asked, until = self._asked(question)
        days = self._days(until)
        chances = dict(zip((q.id for q in self.case.questions), self._sums.chances(), strict=True))
        return InFull(
            head=self.head(),
            question=question,
            changes=self._made.shown_changes(),
            without=tuple(sorted(self._made.without)),
            levers=tuple(sorted(self._made.levers)),
            chances=tuple((q.id, chances[q.id], band(chances[q.id])) for q in asked),
            fans=tuple(
                (self.game.fronts[f], _fan(days, self._shares[: len(days), f]))
                for f in self._fronts_of(question)
            ),
        )

    def _compared(self, request: Request) -> Comparison:
        case = changed_case(self.case, request)
        try:
            game = changed_game(case, self.as_of, {*self._made.levers, *request.levers})
        except KeyError as error:
            raise WhatIfError(
                f"a change that leaves {error} nowhere", "a change of numbers", "make another"
            ) from None
        return compare(self._base, game, compile_evidence(game))

    def _asked(self, question: str | None) -> tuple[tuple[Question, ...], int]:
        """The questions decided by the horizon, and its step: that of the question asked about."""
        questions = self.case.questions
        if question is None:
            return questions, self._last
        chosen = next((q for q in questions if q.id == question), None)
        if chosen is None:
            raise WhatIfError(
                f"the question {question!r}",
                f"one of {', '.join(q.id for q in questions)}",
                "name one of those",
            )
        until = _last_step(self.game, (chosen,))
        return tuple(q for q in questions if _last_step(self.game, (q,)) <= until), until

    def _fronts_of(self, question: str | None) -> tuple[int, ...]:
        rules = [q.rule for q in self.case.questions if question in (None, q.id)]
        found: set[int] = set()
        while rules:
            rule: Rule = rules.pop()
            if rule.front is not None:
                found.add(self.game.fronts.index(rule.front))
            rules += (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ()))
        return tuple(sorted(found))

    def _days(self, until: int) -> list[dt.date]:
        grid = self.game.grid
        return [grid.first_day(t) for t in range(self.game.now, until + 1)]

    def _notes(self, request: Request, other: Comparison) -> tuple[str, ...]:
        items = [other.evidence.items[k] for k in other.new]
        silent = sorted({item.source for item in items if item.report is None})
        if not request.without or not silent:
            return ()
        return (
            f"a promised watch of {', '.join(silent)} is silent without what is left out, and that counts",
        )

    def _each(self, work: partial[_Run]) -> list[_Run]:
        return do_all(
            [partial(work, island) for island in self._islands], "islands run on", threads=self._threads
        )

    def _run_as_it_is(
        self, questions: tuple[Question, ...], fronts: tuple[int, ...], until: int, island: Island
    ) -> _Run:
        return self._reduced(questions, fronts, until, island.particles, island.weight, 0.0)

    def _run_changed(
        self,
        questions: tuple[Question, ...],
        fronts: tuple[int, ...],
        until: int,
        other: Comparison,
        island: Island,
    ) -> _Run:
        changed = under(self._base, island, other)
        scale = float(changed.log_ratio.max())
        if scale == -np.inf:
            scale, weight = 0.0, np.zeros_like(island.weight)
        else:
            weight = island.weight * np.exp(changed.log_ratio - scale)
        return self._reduced(questions, fronts, until, changed.particles, weight, scale)

    def _reduced(
        self,
        questions: tuple[Question, ...],
        fronts: tuple[int, ...],
        until: int,
        particles: Particles,
        weight: F64,
        scale: float,
    ) -> _Run:
        run_on(particles, until)
        game = particles.game
        rows = slice(0, until + 1)
        paths = Paths(
            posture=particles.posture[rows],
            deal=particles.deal[rows] & np.uint8(1),
            factor=particles.factor[rows][:, list(self._followed)],
        )
        truth = np.stack([resolve(game, question, paths, self._followed) for question in questions])
        n_rungs, now = len(game.rungs), game.now
        fans = np.empty((until + 1 - now, len(fronts), n_rungs))
        for t in range(now, until + 1):
            for k, f in enumerate(fronts):
                fans[t - now, k] = np.bincount(particles.posture[t, f], weights=weight, minlength=n_rungs)
        # Each by itself, so that no sum depends on which others are asked for.
        sides = [weight[true] for true in truth]
        return _Run(
            scale=scale,
            total=float(weight.sum()),
            square=float(weight @ weight),
            yes=np.array([float(side.sum()) for side in sides]),
            yes_square=np.array([float(side @ side) for side in sides]),
            fans=fans,
        )


def _last_step(game: Game, questions: tuple[Question, ...]) -> int:
    last = max(question.by for question in questions)
    return max(game.now, min(game.grid.step_of(last), game.grid.n_steps))


def _scales(runs: list[_Run]) -> F64:
    scale = np.array([run.scale for run in runs])
    return np.asarray(np.exp(scale - scale.max()))


def _sums(runs: list[_Run]) -> Sums:
    scale = _scales(runs)
    return Sums(
        total=scale * np.array([run.total for run in runs]),
        square=scale**2 * np.array([run.square for run in runs]),
        yes=scale[:, None] * np.stack([run.yes for run in runs]),
        yes_square=scale[:, None] ** 2 * np.stack([run.yes_square for run in runs]),
    )


def _shares(runs: list[_Run]) -> F64:
    """(T', F', L) share of each rung, pooled."""
    scale = _scales(runs)
    total = sum(s * run.total for s, run in zip(scale, runs, strict=True))
    return np.asarray(sum(s * run.fans for s, run in zip(scale, runs, strict=True)) / total)


def _fan(days: list[dt.date], shares: F64) -> tuple[FanStep, ...]:
    return tuple(FanStep(day=day, shares=tuple(row)) for day, row in zip(days, shares.tolist(), strict=True))


def in_full(
    case: Case,
    request: Request,
    as_of: dt.date | str | None = None,
    *,
    particles: int = DEFAULT_PARTICLES,
    islands: int = DEFAULT_ISLANDS,
    seed: int = DEFAULT_SEED,
    variant: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> InFull:
    """The questions of a changed case, inferred anew: what a quick answer is to be held against.

    Parameters are those of `Bench` and `Bench.ask`, and so are the errors.
    """
    bench = Bench(
        case,
        as_of,
        particles=particles,
        islands=islands,
        seed=seed,
        variant=variant,
        made=request,
        threads=threads,
        progress=progress,
        cancel=cancel,
    )
    return bench.as_it_stands(request.question)


__all__ = ["DEFAULT_PARTICLES", "Bench", "in_full"]
