"""Count the reference classes in the historical data and write the table that ships with tocsin.

    uv run scripts/base_rates.py --data DIR

Only counts are written, never a row. The same data give the same file; a test compares the two.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tocsin.errors import TocsinError
from tocsin.events.precedents.counts import count_all, read_history

TABLE = Path(__file__).resolve().parents[1] / "src" / "tocsin" / "events" / "data" / "base_rates.json"


def main() -> int:
    """Write the table; 1 if the data are not what they should be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the historical data")
    parser.add_argument("--into", type=Path, default=TABLE, help="file to write; else the one that ships")
    options = parser.parse_args()
    try:
        table = count_all(read_history(options.data))
    except TocsinError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.into.write_text(table.to_json(), encoding="utf-8", newline="\n")
    cells = sum(len(reference.cells) for reference in table.classes)
    sys.stdout.write(f"{len(table.classes)} classes, {cells} counts in {options.into}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
