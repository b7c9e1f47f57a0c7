"""Who takes part in the backtest of dyads: the game, and the five rivals it has to beat."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from tocsin.events.backtest.counting import Climatology, Markov, Trailing
from tocsin.events.backtest.learners import Boosting, Logit
from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.walk import Forecaster

OURS = "tocsin"
RIVALS = ("climatology", "trailing", "markov", "logit", "boosting")
FORECASTERS = (OURS, *RIVALS)
# Where the game's forecaster is made: a function `forecaster(seed)` of this module.
GAME = "tocsin.events.fit.forecaster"


def forecasters(seed: int, only: Iterable[str] = ()) -> tuple[Forecaster, ...]:
    """Fresh forecasters, ours first; one that is not installed is left out.

    Parameters
    ----------
    seed : of whatever in them is drawn
    only : names of those wanted; all where empty

    Raises
    ------
    BacktestError if there is none of a name

    Examples
    --------
    >>> [one.name for one in forecasters(1, only=["markov", "climatology"])]
    ['climatology', 'markov']
    """
    wanted = set(only) or set(FORECASTERS)
    if strange := sorted(wanted - set(FORECASTERS)):
        raise BacktestError(
            f"found no forecaster {strange[0]!r}; expected some of {', '.join(FORECASTERS)}\n"
            "  mend: name one of them with --only"
        )
    made: list[Forecaster] = []
    if OURS in wanted and (ours := game(seed)) is not None:
        made.append(ours)
    rivals: tuple[Forecaster, ...] = (Climatology(), Trailing(), Markov(), Logit(seed), Boosting(seed))
    made += [rival for rival in rivals if rival.name in wanted]
    return tuple(made)


def game(seed: int) -> Forecaster | None:
    """The game as a forecaster; None where it is not installed, so that the rivals can be run without it."""
    try:
        module = importlib.import_module(GAME)
    except ModuleNotFoundError as error:
        # Anything else that is missing is a fault to see, and not a forecaster left out.
        if error.name is None or not GAME.startswith(error.name):
            raise
        return None
    made: Forecaster = module.forecaster(seed)
    assert made.name == OURS, made.name
    return made
