"""Rivals that learn: multinomial logit and gradient boosting, one model for each horizon, all dyads together.

Nothing about them is set by hand that the past could decide. How strongly to regularise, how many rounds to
boost, and how old weeks may be that still teach anything is chosen by the log score over the last fifth of
the weeks fitted on, by a model of the weeks before. The chosen setting is then fitted on all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tocsin.events.backtest.counting import chosen_at, validation_from
from tocsin.events.backtest.features import WARM_UP, features
from tocsin.events.backtest.walk import floored

if TYPE_CHECKING:
    from tocsin.events.panel import Panel

Floats = NDArray[np.float64]
Weeks = NDArray[np.int64]

# Learn from all weeks, or from the last ten or five years of them.
MEMORIES = (None, 520, 260)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the libraries below scikit-learn to one thread each.

    The matrices are small, and threads that wait for each other spin: on a busy machine of two cores a logit
    took fifteen times as long with two threads as with one.
    """
    import sklearn.ensemble  # noqa: F401 - only libraries that are loaded can be limited

    # Scikit-learn's own way of limiting them, and always installed with it; it has no types.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows that a learner learns from or is judged by: features, and the rung that came."""

    X: Floats  # (R, F)
    rung: NDArray[np.int64]  # (R,)


class LearningForecaster(ABC):
    """What both have in common: rows of features, a choice on the last weeks, a fit on all."""

    name: str

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.choices: dict[int, tuple[Any, ...]] = {}
        self._train: Panel | None = None
        self._told: Floats | None = None
        self._models: dict[int, Any] = {}

    def fit(self, panel: Panel, train: int) -> None:
        """Keep the past; a model of each horizon is fitted when it is first asked for."""
        assert panel.rung.shape[1] == train
        self._train, self._told = panel, self.told(panel)
        self._models, self.choices = {}, {}

    def forecast(self, panel: Panel, origins: Weeks, horizons: tuple[int, ...]) -> Floats:
        """Chances of rungs, (D, O, H, L)."""
        told = self.told(panel)[:, origins]
        D, n_origins, F = told.shape
        L = panel.counts.shape[2]
        X = told.reshape(D * n_origins, F)
        chances = []
        with one_thread():
            for horizon in horizons:
                if horizon not in self._models:
                    self._models[horizon] = self._fitted(horizon, L)
                chances.append(_all_rungs(self._models[horizon], X, L).reshape(D, n_origins, L))
        return np.stack(chances, axis=2)

    def told(self, panel: Panel) -> Floats:
        """Features of each dyad-week, (D, T, F)."""
        return features(panel)

    @abstractmethod
    def judged(self, learn: Sample, judge: Sample, L: int) -> list[tuple[float, tuple[Any, ...]]]:
        """Log score on `judge` after learning from `learn`, for each setting that is tried."""

    @abstractmethod
    def model(self, learn: Sample, setting: tuple[Any, ...]) -> Any:
        """A fitted model."""

    def _fitted(self, horizon: int, L: int) -> Any:
        past, told = self._train, self._told
        assert past is not None, "fit comes before forecast"
        assert told is not None
        train = past.rung.shape[1]
        # Short histories are learned from as far as they go.
        first = min(WARM_UP, train // 4)
        middle = max(first + 1, validation_from(train))
        judge = _sample(past, told, middle - horizon, train - horizon, horizon)
        tried = [
            (score, memory, setting)
            for memory in MEMORIES
            if memory is None or middle - horizon - memory > first
            for score, setting in self.judged(
                _sample(past, told, _start(first, middle - horizon, memory), middle - horizon, horizon),
                judge,
                L,
            )
        ]
        _, memory, setting = min(tried, key=lambda one: one[0])
        self.choices[horizon] = (memory, *setting)
        last = train - horizon
        return self.model(_sample(past, told, _start(first, last, memory), last, horizon), setting)


class Logit(LearningForecaster):
    """Multinomial logit with a ridge penalty, features standardised, and an intercept for each dyad."""

    name = "logit"
    # Inverse, as scikit-learn has it; from strong to weak, as far as the score improves.
    penalties = (0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)

    def told(self, panel: Panel) -> Floats:
        """The features, and which dyad it is."""
        D, T, _ = panel.counts.shape
        which = np.broadcast_to(np.eye(D)[:, None, :], (D, T, D))
        return np.concatenate([features(panel), which], axis=2)

    def judged(self, learn: Sample, judge: Sample, L: int) -> list[tuple[float, tuple[Any, ...]]]:
        """One score for each penalty, each fit starting from the one before."""
        found: list[tuple[float, tuple[Any, ...]]] = []
        model = None
        for C in self.penalties:
            model = self._from(model, learn, C)
            found.append((_log_score(model, judge, L), (C,)))
            if len(found) > 1 and found[-1][0] > found[-2][0]:
                break
        return found

    def model(self, learn: Sample, setting: tuple[Any, ...]) -> Any:
        """A standardiser and a logit."""
        return self._from(None, learn, setting[0])

    def _from(self, start: Any, learn: Sample, C: float) -> Any:
        if len(np.unique(learn.rung)) == 1:
            return _Constant(learn.rung)
        if start is None:
            return _Logit(learn, C)
        return start.again(learn, C)


class Boosting(LearningForecaster):
    """Gradient boosting of shallow trees on histograms, the number of rounds chosen on the last weeks."""

    name = "boosting"
    leaves = (4, 8)
    rounds = 150
    patience = 50  # rounds without a better score after which no more are tried
    rate = 0.06

    def judged(self, learn: Sample, judge: Sample, L: int) -> list[tuple[float, tuple[Any, ...]]]:
        """For each size of tree the best score over the rounds."""
        found = []
        for leaves in self.leaves:
            model = self.model(learn, (leaves, min(self.patience, self.rounds)))
            if isinstance(model, _Constant):
                return [(_log_score(model, judge, L), (leaves, 1))]
            model.set_params(warm_start=True)
            while True:
                staged = model.staged_predict_proba(judge.X)
                scores = [_score(_spread(chances, model.classes_, L), judge) for chances in staged]
                best = int(np.argmin(scores))
                if len(scores) >= self.rounds or best < len(scores) - self.patience:
                    break
                further = min(len(scores) + self.patience // 2, self.rounds)
                model.set_params(max_iter=further).fit(learn.X, learn.rung)
            found.append((scores[best], (leaves, best + 1)))
        return found

    def model(self, learn: Sample, setting: tuple[Any, ...]) -> Any:
        """Boosted trees."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        if len(np.unique(learn.rung)) == 1:
            return _Constant(learn.rung)
        leaves, rounds = setting
        return HistGradientBoostingClassifier(
            learning_rate=self.rate,
            max_leaf_nodes=leaves,
            max_iter=rounds,
            min_samples_leaf=40,
            l2_regularization=1.0,
            max_features=0.3,
            early_stopping=False,
            random_state=self.seed,
        ).fit(learn.X, learn.rung)


class _Logit:
    """A standardiser and a logit, which may go on from where it is to another penalty."""

    def __init__(self, learn: Sample, C: float) -> None:
        from sklearn.linear_model import LogisticRegression

        self._mean = learn.X.mean(0)
        spread = learn.X.std(0)
        self._spread = np.where(spread > 0, spread, 1.0)
        self._logit = LogisticRegression(max_iter=2000, tol=1e-4, warm_start=True)
        self.again(learn, C)

    def again(self, learn: Sample, C: float) -> _Logit:
        """The same sample under another penalty."""
        self._logit.set_params(C=C).fit(self._standard(learn.X), learn.rung)
        self.classes_ = self._logit.classes_
        return self

    def predict_proba(self, X: Floats) -> Floats:
        """Chances of the rungs in `classes_`, (R, K)."""
        return np.asarray(self._logit.predict_proba(self._standard(X)), dtype=np.float64)

    def _standard(self, X: Floats) -> Floats:
        answer: Floats = (X - self._mean) / self._spread
        return answer


class _Constant:
    """Where the past knows one rung only, there is nothing to tell apart."""

    def __init__(self, rung: NDArray[np.int64]) -> None:
        self.classes_ = np.unique(rung)

    def predict_proba(self, X: Floats) -> Floats:
        return np.ones((len(X), 1))


def _start(first: int, last: int, memory: int | None) -> int:
    return first if memory is None else max(first, last - memory)


def _sample(panel: Panel, told: Floats, first: int, last: int, horizon: int) -> Sample:
    """Rows of the origins [first, last) of all dyads, with the rung `horizon` weeks later."""
    origins = np.arange(max(first, 0), max(last, first + 1, 1))
    return Sample(
        X=told[:, origins].reshape(-1, told.shape[2]),
        rung=panel.rung[:, origins + horizon].reshape(-1).astype(np.int64),
    )


def _spread(chances: Floats, known: NDArray[np.int64], L: int) -> Floats:
    """Chances of the rungs that a model has seen, among all rungs."""
    answer = np.zeros((len(chances), L))
    answer[:, known] = chances
    return answer


def _all_rungs(model: Any, X: Floats, L: int) -> Floats:
    return _spread(model.predict_proba(X), model.classes_, L)


def _score(chances: Floats, judge: Sample) -> float:
    return float(-np.log(chosen_at(judge.rung[None].astype(np.int8), floored(chances)[None])).mean())


def _log_score(model: Any, judge: Sample, L: int) -> float:
    return _score(_all_rungs(model, judge.X, L), judge)
