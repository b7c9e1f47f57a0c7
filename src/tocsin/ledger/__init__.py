"""The ledger: forecasts frozen when made, resolutions, and a chain of hashes that shows tampering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tocsin.ledger.chain import GENESIS, Breach, Entry, Verdict
from tocsin.ledger.entry import Forecast, Question, Recorded, ReportResolution, Resolution
from tocsin.ledger.errors import ChainError, EntryError, LedgerError, StoreError

if TYPE_CHECKING:
    from tocsin.ledger.ledger import Ledger

__all__ = [
    "GENESIS",
    "Breach",
    "ChainError",
    "Entry",
    "EntryError",
    "Forecast",
    "Ledger",
    "LedgerError",
    "Question",
    "Recorded",
    "ReportResolution",
    "Resolution",
    "StoreError",
    "Verdict",
]


def __getattr__(name: str) -> Any:
    # The values are light and the store is not: SQLAlchemy is imported when a ledger is opened.
    if name == "Ledger":
        from tocsin.ledger.ledger import Ledger

        return Ledger
    raise AttributeError(f"module 'tocsin.ledger' has no attribute {name!r}")
