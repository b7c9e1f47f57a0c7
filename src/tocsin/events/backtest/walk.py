"""Walking forward: a forecaster is fitted on the past, then forecasts week after week it has not seen.

What a forecaster is handed ends where its knowledge ends. To fit, it gets a panel without the test weeks.
To forecast, it gets a panel that ends at the last origin, with all origins at once, since a filter that
starts anew at every origin would take hours. That it keeps to the origin of each forecast is then audited
in every run: a few origins are forecast again from a panel that ends there, and any difference stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tocsin.events.panel import Panel

# Mixed into every forecast of every forecaster, so that no single miss is infinitely bad.
FLOOR = 1e-3
# Origins forecast again from a cut panel: the first, the last and one between.
AUDITED = 3
# Above rounding of single precision, far below anything that a look ahead would change.
TOLERANCE = 1e-6

Progress = Callable[[str], None]


class LookAheadError(AssertionError):
    """A forecaster's answer changed with what came after its origin: its scores would be worth nothing."""


class Forecaster(Protocol):
    """Whatever gives chances of rungs; the game and each rival are one."""

    @property
    def name(self) -> str:
        """How tables and rows call it."""
        ...

    def fit(self, panel: Panel, train: int) -> None:
        """Learn from weeks [0, train) and nothing else."""
        ...

    def forecast(
        self, panel: Panel, origins: NDArray[np.int64], horizons: tuple[int, ...]
    ) -> NDArray[np.float64]:
        """Chances of each rung at week origin + horizon, from weeks up to and including the origin.

        Returns
        -------
        (D, O, H, L), each last axis summing to 1
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Forecasts of one forecaster over the test span of one theatre, with the floor mixed in."""

    forecaster: str
    origins: NDArray[np.int64]  # (O,) weeks
    horizons: tuple[int, ...]
    chances: NDArray[np.float64]  # (D, O, H, L)


def cut(panel: Panel, weeks: int) -> Panel:
    """The panel as it stood after its first `weeks` weeks."""
    return replace(
        panel,
        weeks=panel.weeks[:weeks],
        counts=panel.counts[:, :weeks],
        volume=panel.volume[:weeks],
        rung=panel.rung[:, :weeks],
    )


def floored(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances with the common floor mixed in.

    Examples
    --------
    >>> floored(np.array([1.0, 0.0])).round(6).tolist()
    [0.9995, 0.0005]
    """
    answer: NDArray[np.float64] = (1.0 - FLOOR) * chances + FLOOR / chances.shape[-1]
    return answer


def origins_of(train: int, until: int, horizons: Sequence[int]) -> NDArray[np.int64]:
    """Origins that a test of the weeks [train, until) needs.

    None lies before the last week that was fitted on: a fit that knew later weeks would be a look ahead.
    So the first target at horizon h is week train - 1 + h.
    """
    return np.arange(train - 1, until - min(horizons), dtype=np.int64)


def walk(
    forecaster: Forecaster,
    panel: Panel,
    *,
    train: int,
    until: int,
    horizons: tuple[int, ...],
    progress: Progress | None = None,
) -> Walk:
    """Fit a forecaster on the weeks before `train` and let it forecast up to week `until`, exclusive.

    Raises
    ------
    LookAheadError if a forecast depends on a week after its origin
    AssertionError if the answer is no set of chances
    """
    tell = progress or (lambda _: None)
    tell(f"{panel.theatre}: fitting {forecaster.name}")
    forecaster.fit(cut(panel, train), train)
    origins = origins_of(train, until, horizons)
    tell(f"{panel.theatre}: {forecaster.name} forecasts {len(origins)} weeks")
    chances = forecaster.forecast(cut(panel, int(origins[-1]) + 1), origins, horizons)
    _check(forecaster.name, chances, (len(panel.dyads), len(origins), len(horizons), panel.counts.shape[2]))
    _audit(forecaster, panel, origins, horizons, chances)
    return Walk(forecaster=forecaster.name, origins=origins, horizons=horizons, chances=floored(chances))


def _check(name: str, chances: NDArray[np.float64], shape: tuple[int, ...]) -> None:
    assert chances.shape == shape, f"{name} answered with shape {chances.shape}, not {shape}"
    assert (chances >= 0).all(), f"{name} answered with what is no chance"
    assert np.allclose(chances.sum(-1), 1.0, atol=TOLERANCE), f"{name}'s chances do not sum to 1"


def _audit(
    forecaster: Forecaster,
    panel: Panel,
    origins: NDArray[np.int64],
    horizons: tuple[int, ...],
    chances: NDArray[np.float64],
) -> None:
    for place in np.unique(np.linspace(0, len(origins) - 1, AUDITED).astype(int)):
        origin = int(origins[place])
        alone = forecaster.forecast(cut(panel, origin + 1), origins[place : place + 1], horizons)
        worst = float(np.abs(alone[:, 0] - chances[:, place]).max())
        if worst > TOLERANCE:
            raise LookAheadError(
                f"{forecaster.name} forecasts otherwise from week {panel.weeks[origin]} by up to {worst:.2g} "
                "when it is not shown the weeks after it"
            )
