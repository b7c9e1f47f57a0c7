"""A process that adds forecasts and says of each that it is confirmed, until it is killed or done."""

import sys

from tests.ledger.made import NOON, forecast
from tocsin.ledger import Ledger


def main(place: str, author: str, count: str) -> None:
    with Ledger.open(place) as ledger:
        for k in range(int(count)):
            [added] = ledger.add([forecast(probability=k / 1e6, author=author)], now=NOON)
            print(added.row.hash, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
