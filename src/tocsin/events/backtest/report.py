"""What every backtest hands over: one row per forecast as Parquet, and lines of scores with their intervals.

A backtest is worth what can be checked of it later, so each file of rows carries the seed, the version of
tocsin and the digest of the data it was made from, and holds nothing that changes from run to run, such as
the time of day: the same run writes the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.score.skill import Interval

from tocsin.errors import TocsinError

ROWS, SUMMARY, CHART = "forecasts.parquet", "summary.json", "scores.png"
JsonValue = str | int | float | bool | None


class BacktestError(TocsinError):
    """A backtest cannot be run as asked, or its results cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What it takes to get the same rows again."""

    backtest: str  # its name on the command line
    seed: int
    data_digest: str  # SHA-256 over the data files that were read
    version: str  # of tocsin

    @classmethod
    def of(cls, backtest: str, *, seed: int, data_digest: str) -> Provenance:
        """Provenance of a run by the installed version."""
        return cls(backtest=backtest, seed=seed, data_digest=data_digest, version=version("tocsin"))

    def to_json(self) -> dict[str, JsonValue]:
        """Plain values under the names of the fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """A mean score of one forecaster, or of one forecaster less another, with its interval.

    Examples
    --------
    >>> line = ScoreLine(forecaster="ours", score="CRPS", over="2018", value=14.0, low=9.5, high=19.0, n=2292)
    >>> line.to_json()["value"]
    14.0
    """

    forecaster: str
    score: str  # "Brier", "log", "RPS", "CRPS", …; lower is better unless the name says otherwise
    over: str  # the horizon or window it is a mean over: "4 weeks", "2018"
    value: float
    low: float | None  # ends of the interval; None where none was made
    high: float | None
    n: int  # forecasts
    less: str | None = None  # the rival that was subtracted, forecast by forecast

    def __post_init__(self) -> None:
        if self.n < 1:
            raise BacktestError(
                f"{self.forecaster}, {self.over}: found {self.n} forecasts; expected one or more"
            )
        if (self.low is None) != (self.high is None):
            raise BacktestError(f"{self.forecaster}, {self.over}: an interval has two ends, or none")

    @classmethod
    def of(
        cls, interval: Interval, *, forecaster: str, score: str, over: str, less: str | None = None
    ) -> ScoreLine:
        """A line from an interval of `tocsin.score.skill`."""
        return cls(
            forecaster=forecaster,
            score=score,
            over=over,
            value=interval.value,
            low=interval.low,
            high=interval.high,
            n=interval.n,
            less=less,
        )

    @property
    def is_better(self) -> bool:
        """Of a difference: whether the whole interval lies below zero."""
        return self.less is not None and self.high is not None and self.high < 0.0

    def to_json(self) -> dict[str, JsonValue]:
        """Plain values under the names of the fields; what is not finite becomes null, as JSON wants it."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> JsonValue:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value  # type: ignore[no-any-return]


def write_rows(path: Path, columns: Mapping[str, Sequence[Any] | Any], provenance: Provenance) -> None:
    """Write one row per forecast as Parquet.

    Parameters
    ----------
    path : the file; its folder must be there
    columns : name to values, all of one length; NumPy arrays, lists or tuples
    provenance : kept as the file's key-value metadata, each key beginning with ``tocsin.``

    Raises
    ------
    BacktestError if the columns differ in length, hold what Parquet cannot, or the file cannot be written
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise BacktestError(f"{path}: found columns of different lengths ({told}); expected one row each")
    kept = {f"tocsin.{name}": str(value) for name, value in provenance.to_json().items()}
    try:
        table = pa.table({name: _column(values) for name, values in columns.items()})
        pq.write_table(table.replace_schema_metadata(kept), path, compression="zstd")
    except (OSError, pa.ArrowException) as error:
        raise BacktestError(f"{path}: cannot be written: {error}") from None


def _column(values: Any) -> Any:
    import pyarrow as pa

    return pa.array(values if hasattr(values, "dtype") else list(values))


def read_provenance(path: Path) -> dict[str, str]:
    """What a file of rows says of its making, under the names of `Provenance`.

    Raises
    ------
    BacktestError if it is no Parquet file, or none that a backtest wrote
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise BacktestError(f"{path}: cannot be read: {error}") from None
    kept = {
        key.decode().removeprefix("tocsin."): value.decode()
        for key, value in metadata.items()
        if key.startswith(b"tocsin.")
    }
    if not kept:
        raise BacktestError(f"{path}: found no provenance; expected rows that a tocsin backtest wrote")
    return kept


def folder_for(out: Path) -> Path:
    """The folder to write a backtest's files to, made if it is not there.

    Raises
    ------
    BacktestError if it cannot be made
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BacktestError(
            f"{out}: cannot be made: {error.strerror}\n  mend: name another folder with --out"
        ) from None
    return out
