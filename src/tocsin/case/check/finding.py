"""What a check finds, before anyone has asked for its file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.case.faults import Fault, Path, Severity, dotted


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault by its path in the case; `at_key` means the key itself rather than its value."""

    path: Path
    found: str
    expected: str
    mend: str
    severity: Severity = "fault"
    at_key: bool = False

    def fault(self, file: str, place: tuple[int, int] | None, path: Path | None = None) -> Fault:
        """The same as a fault; `path` where the case as written numbers its items differently."""
        line, column = place or (None, None)
        return Fault(
            file=file,
            line=line,
            column=column,
            where=dotted(self.path if path is None else path),
            found=self.found,
            expected=self.expected,
            mend=self.mend,
            severity=self.severity,
        )


def finding(path: Path, found: str, expected: str, mend: str, *, severity: Severity = "fault",
            at_key: bool = False) -> Finding:  # fmt: skip
    """A `Finding` by position: where, what, what instead, the mend."""
    return Finding(path=path, found=found, expected=expected, mend=mend, severity=severity, at_key=at_key)


def warning(path: Path, found: str, expected: str, mend: str) -> Finding:
    """A `Finding` of what is possible but seldom meant."""
    return finding(path, found, expected, mend, severity="warning")


def listed(words: Sequence[str], most: int = 8) -> str:
    """Words for a fault: all of them, or the first few and how many more.

    Examples
    --------
    >>> listed(["a", "b"]), listed(list("abc"), most=2), listed([])
    ('a, b', 'a, b and 1 more', 'none')
    """
    if not words:
        return "none"
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
