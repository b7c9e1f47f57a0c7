"""How a feed's reading of a posture misleads: the chance of each coded rung given each true one.

Machine-coded feeds put fighting between allies (a sentence that names two states and a battle is enough), and
miss fighting between groups that they name under another actor. So the coded rung of a step is an observation
with a confusion matrix, never the posture.

The shipped matrices, ``data/confusion.csv``, come from ``scripts/confusion.py``, and the documents say how.
In short: fighting coded between allies that were not fighting gives the share of false alarms; weeks in which
UCDP counts deaths between two sides give what is coded when there was fighting, with tens and hundreds of
deaths standing for the higher rungs. What neither shows (calm against words against shows) is judgement, and
so is the matrix of a feed without a test of its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import TocsinError
from tocsin.events.ladder import RUNGS

Chances = NDArray[np.float64]


class ConfusionError(TocsinError):
    """A matrix that is none, or a feed that has none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Confusion:
    """Chance of a coded rung given the true one. L rungs.

    Parameters
    ----------
    chance : (L, L), coded by true; each column sums to one
    basis : where the numbers come from, in a sentence
    """

    chance: Chances
    basis: str

    def __post_init__(self) -> None:
        n, m = self.chance.shape
        if n != m or (self.chance < 0).any() or not np.allclose(self.chance.sum(axis=0), 1.0, atol=1e-6):
            raise ConfusionError(
                f"found {n} by {m} chances of which the columns sum to "
                f"{', '.join(f'{total:.3g}' for total in self.chance.sum(axis=0))}; expected a square of "
                "chances, each column summing to 1\n"
                "  mend: give the chance of each coded rung for each true one"
            )
        self.chance.flags.writeable = False

    def likelihood(self, coded: int) -> Chances:
        """(L,) chance of this reading at each true rung."""
        return np.asarray(self.chance[coded])


def blur(n_rungs: int, share: float) -> Chances:
    """A matrix whose errors fall off by the factor `share` a rung.

    Examples
    --------
    >>> blur(3, 0.5).round(2).tolist()
    [[0.57, 0.25, 0.14], [0.29, 0.5, 0.29], [0.14, 0.25, 0.57]]
    """
    rung = np.arange(n_rungs)
    chance = float(share) ** np.abs(rung[:, None] - rung[None, :])
    return np.asarray(chance / chance.sum(axis=0))


def estimate(counts: NDArray[np.int64], prior: Chances, weight: float) -> Chances:
    """Posterior mean of each column under a Dirichlet prior worth `weight` steps.

    Parameters
    ----------
    counts : (L, L) steps coded as the row whose true rung was the column
    prior : (L, L) a confusion matrix
    weight : how many steps the prior counts for in each column

    Examples
    --------
    >>> estimate(np.array([[8, 0], [2, 0]]), np.full((2, 2), 0.5), 10.0).tolist()
    [[0.65, 0.5], [0.35, 0.5]]
    """
    told = counts + weight * prior
    return np.asarray(told / told.sum(axis=0))


def no_higher(chance: Chances, highest: int) -> Chances:
    """The same for a scheme without codes above a rung: what would be coded higher is coded as that one."""
    held = chance.copy()
    held[highest] += held[highest + 1 :].sum(axis=0)
    held[highest + 1 :] = 0.0
    return held


@cache
def _shipped() -> dict[str, Confusion]:
    rows: dict[str, list[dict[str, str]]] = {}
    with (resources.files("tocsin.events") / "data" / "confusion.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            rows.setdefault(row["source"], []).append(row)
    return {
        source: Confusion(
            chance=np.array([[float(row[true]) for true in RUNGS] for row in own]), basis=own[0]["basis"]
        )
        for source, own in rows.items()
    }


def of_source(source: str) -> Confusion:
    """The shipped matrix of a feed, named as in the event table.

    Raises
    ------
    ConfusionError if there is none
    """
    if source not in _shipped():
        raise ConfusionError(
            f"found the source {source!r}; expected one of {', '.join(_shipped())}\n"
            "  mend: name a feed that has a confusion matrix"
        )
    return _shipped()[source]
