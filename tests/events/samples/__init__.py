"""Small made-up files of every format: no row of them happened, and some are wrong on purpose."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One file, and what an import of it must count."""

    format: str
    file: str
    kept: int
    refused: dict[str, int]

    @property
    def path(self) -> Path:
        """The file."""
        return HERE / self.file

    @property
    def rows(self) -> int:
        """Every row of data in it."""
        return self.kept + sum(self.refused.values())


SAMPLES = (
    Sample(
        format="ucdp-ged",
        file="ucdp_ged.csv",
        kept=4,
        refused={
            "a code that ged does not have": 1,
            "an event that stands above": 1,
            "deaths_best is no count": 1,
            "latitude is off the globe": 1,
            "not a date": 1,
            "too few columns": 1,
        },
    ),
    Sample(
        format="acled",
        file="acled.csv",
        kept=4,
        refused={"a code that acled does not have": 1, "deaths_best is no count": 1, "not a date": 1},
    ),
    Sample(
        format="gdelt",
        file="gdelt.tsv",
        kept=6,
        refused={
            "a code that cameo does not have": 1,
            "an event that stands above": 1,
            "latitude is off the globe": 1,
            "no actor at all": 1,
            "not a date": 1,
            "too few columns": 1,
        },
    ),
    Sample(
        format="keds",
        file="keds.tab",
        kept=4,
        refused={
            "a code that cameo does not have": 1,
            "no actor at all": 1,
            "no code": 1,
            "not a date": 1,
            "too few columns": 1,
        },
    ),
    Sample(format="keds-weis", file="keds_weis.tab", kept=3, refused={"a code that weis does not have": 1}),
    Sample(
        format="icews",
        file="icews.tab",
        kept=2,
        refused={
            "a code that cameo does not have": 1,
            "longitude is off the globe": 1,
            "not a date": 1,
        },
    ),
    Sample(
        format="polecat",
        file="polecat.tsv",
        kept=3,
        refused={"a code that plover does not have": 1, "an event that stands above": 1},
    ),
)
