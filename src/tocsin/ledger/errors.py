"""What can be wrong with a ledger, or with what was to be written into it."""

from __future__ import annotations

from tocsin.errors import TocsinError


class LedgerError(TocsinError):
    """Root of every refusal of the ledger: what was found, what was expected, and the mend.

    Examples
    --------
    >>> print(LedgerError("probability", found="1.2", expected="a number from 0 to 1", mend="write 0.12"))
    probability
      found 1.2; expected a number from 0 to 1
      mend: write 0.12
    """

    def __init__(self, where: str, *, found: str, expected: str, mend: str) -> None:
        super().__init__(f"{where}\n  found {found}; expected {expected}\n  mend: {mend}")
        self.where, self.found, self.expected, self.mend = where, found, expected, mend


class StoreError(LedgerError):
    """The store cannot be used: absent, unreachable, not a ledger, locked, or of a newer tocsin."""


class EntryError(LedgerError):
    """An entry cannot be made: it is malformed, or contradicts what the ledger holds."""


class ChainError(LedgerError):
    """The rows are not the ones that were written."""
