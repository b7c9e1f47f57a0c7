"""Walking forward: every year's crises forecast from those that had ended before it, by four forecasters.

The rivals see the same columns, one for each kind and region, and the year. *Climatology* is the past's share
with Jeffreys' half; *logit* is scikit-learn's on standardised columns, its penalty chosen each year by
cross-validation on the past; *boosting* is its histogram gradient boosting, shallow and slow because rows are
few, its settings not searched.
A crisis under way on New Year's Day has not ended, and so teaches nothing yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tocsin.errors import TocsinError
from tocsin.events.backtest.crises.model import fit
from tocsin.events.backtest.crises.situations import REGIONS, FloatArray, IntArray, Table

OURS = "tocsin"
RIVALS = ("climatology", "logit", "boosting")
FORECASTERS = (OURS, *RIVALS)
# A forecaster needs so much past before its first forecast counts.
FEWEST_ROWS, FEWEST_EVENTS = 100, 10
SEED = 1
# Of the logit: inverse penalties to choose from, and the parts that the past is cut into to choose by.
PENALTIES = (0.001, 0.01, 0.1, 1.0)
FOLDS = 5

Progress = Callable[[int, int, str], None]


class TooLittleHistoryError(TocsinError):
    """The data hold too few crises to forecast any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """One row per forecast crisis."""

    task: str
    ids: tuple[str, ...]
    years: IntArray  # (M,)
    y: FloatArray  # (M,)
    chances: dict[str, FloatArray]  # forecaster: (M,)
    trained_on: IntArray  # (M,) rows of the past behind each


def walk(table: Table, *, seed: int = SEED, progress: Progress | None = None) -> Forecasts:
    """Forecast each year from what had ended before its first day.

    Parameters
    ----------
    table : rows of one task
    seed : of the boosting, which alone uses chance

    Raises
    ------
    TooLittleHistoryError if no year has enough of the past behind it
    """
    years = table.years
    todo = [int(year) for year in np.unique(years) if _enough(table, _past(table, int(year)))]
    if not todo:
        raise TooLittleHistoryError(
            f"{table.name}: found {len(table.y)} crises, {int(table.y.sum())} of which came about; expected "
            f"at least {FEWEST_ROWS} that ended before some other began, {FEWEST_EVENTS} of them so"
        )
    rows, chances, trained = [], [], []
    for done, year in enumerate(todo):
        if progress is not None:
            progress(done, len(todo), f"{table.name} {year}")
        past, now = _past(table, year), np.flatnonzero(years == year)
        rows.append(now)
        chances.append(forecast(table, past, now, seed=seed))
        trained.append(np.full(len(now), len(past)))
    order = np.concatenate(rows)
    together = np.concatenate(chances, axis=1)
    return Forecasts(
        task=table.name,
        ids=tuple(table.ids[row] for row in order),
        years=years[order],
        y=table.y[order],
        chances={name: together[k] for k, name in enumerate(FORECASTERS)},
        trained_on=np.concatenate(trained),
    )


def forecast(table: Table, past: IntArray, now: IntArray, *, seed: int) -> FloatArray:
    """(forecasters, M) chances of the rows `now` from the rows `past`."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    year = int(table.years[now].max())
    base = (table.y[past].sum() + 0.5) / (len(past) + 1.0)
    X = _plain(table)
    # One thread: the fits are small, and idle threads that spin cost others more than they bring.
    with threadpool_limits(1):
        return np.stack(
            [
                fit(table, past, horizon_year=year).predict(table, now),
                np.full(len(now), base),
                _logit(X[past], table.y[past], X[now]),
                _boosting(X[past], table.y[past], X[now], seed),
            ]
        )


def _past(table: Table, year: int) -> IntArray:
    """Rows that had begun and ended before a year's first day."""
    day = dt.date(year, 1, 1).toordinal()
    return np.flatnonzero((table.last < day) & (table.first < day))


def _enough(table: Table, past: IntArray) -> bool:
    events = table.y[past].sum()
    return len(past) >= FEWEST_ROWS and FEWEST_EVENTS <= events <= len(past) - FEWEST_EVENTS


def _plain(table: Table) -> FloatArray:
    """The columns, one for each kind and region, and the year: what a rival is given."""
    kinds, regions = np.eye(len(table.kinds))[table.kind], np.eye(len(REGIONS))[table.region]
    return np.hstack([table.X, kinds, regions, table.years[:, None].astype(float)])


def _logit(X: FloatArray, y: FloatArray, new: FloatArray) -> FloatArray:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    mean, spread = X.mean(axis=0), X.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    model = GridSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": PENALTIES},
        scoring="neg_log_loss",
        cv=FOLDS,
    ).fit((X - mean) / spread, y)
    return np.asarray(model.predict_proba((new - mean) / spread)[:, 1])


def _boosting(X: FloatArray, y: FloatArray, new: FloatArray, seed: int) -> FloatArray:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=100,
        max_depth=3,
        min_samples_leaf=10,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    ).fit(X, y)
    return np.asarray(model.predict_proba(new)[:, 1])
