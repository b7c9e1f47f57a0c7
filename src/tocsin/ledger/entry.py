"""What a ledger keeps: forecasts, resolutions, and whether a source's report proved right.

Each is a frozen value that is checked when made. The ledger adds when it was recorded and the hash that
chains it to its predecessor; nothing in here knows of the store.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tocsin.ledger.errors import EntryError

YES, NO, VOID = "yes", "no", "void"
# A rule holds a case's words, which have 4000 characters at most, and its formal rule.
LONGEST_KEY, LONGEST_TEXT, LONGEST_RULE = 200, 4000, 40_000
# Probabilities typed by hand seldom add up to the last digit.
SUM_TOLERANCE = 1e-6


def slug(text: str) -> str:
    """A name for a question or a case, from its text: lower case, words joined by hyphens.

    Examples
    --------
    >>> slug("Will Łódź flood by 1 June?")
    'will-lodz-flood-by-1-june'
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    if not words:
        raise EntryError(
            "question",
            found=repr(text),
            expected="a text with letters or digits",
            mend="give an id of its own",
        )
    name = ""
    for word in words:
        if name and len(name) + len(word) > 70:
            break
        name = f"{name}-{word}" if name else word[:70]
    return name


def case_key(case: str, own: str) -> str:
    """The key of a case's question or report: ``case:own``."""
    return f"{case}:{own}"


def _check_text(where: str, text: str, *, longest: int = LONGEST_TEXT, needed: bool = False) -> None:
    if needed and not text.strip():
        raise EntryError(where, found="nothing", expected="a text", mend=f"say the {where}")
    if len(text) > longest:
        raise EntryError(
            where, found=f"{len(text)} characters", expected=f"at most {longest}", mend="shorten it"
        )
    # PostgreSQL keeps no NUL, and a lone surrogate has no UTF-8 and so no hash.
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise EntryError(
            where, found="a character that cannot be stored", expected="text in Unicode", mend="take it out"
        )


def _check_key(where: str, key: str) -> None:
    if not re.fullmatch(r"[^\s\x00-\x1f\x7f\ud800-\udfff]+", key) or len(key) > LONGEST_KEY:
        raise EntryError(
            where,
            found=repr(key),
            expected=f"a name of at most {LONGEST_KEY} characters without blanks",
            mend="such as lebanon-2023:israel-offensive-2023",
        )


def _check_probability(where: str, value: float) -> None:
    if isinstance(value, bool) or not (math.isfinite(value) and 0.0 <= value <= 1.0):
        raise EntryError(
            where, found=f"{value!r}", expected="a number from 0 to 1", mend="write 0.12 for 12 percent"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: once in the ledger it never changes, since a question moved is another question.

    Parameters
    ----------
    key : its name in the ledger; ``case:id`` if it belongs to a case
    text : the question as it is put
    closes : its scheduled close, the last day that counts
    rule : how anybody can settle it
    case : the case it belongs to; None outside one
    classes : the possible outcomes in their order, for a question that neither yes nor a number answers
    number : whether it asks for a number
    """

    key: str
    text: str
    closes: dt.date
    rule: str = ""
    case: str | None = None
    classes: tuple[str, ...] = ()
    number: bool = False

    def __post_init__(self) -> None:
        _check_key("question", self.key)
        _check_text("question", self.text, needed=True)
        _check_text("rule", self.rule, longest=LONGEST_RULE)
        if self.case is not None:
            _check_key("case", self.case)
        for name in self.classes:
            _check_key("classes", name)
        if self.classes and (len(set(self.classes)) < max(2, len(self.classes)) or self.number):
            raise EntryError(
                f"question {self.key}",
                found=f"classes {', '.join(self.classes)}",
                expected="two or more different ones, of a question that asks for no number",
                mend="name each class once",
            )

    @property
    def is_binary(self) -> bool:
        """Whether it is answered by yes or no."""
        return not self.classes and not self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One answer to one question, issued on a day by somebody.

    Exactly one of `probability`, `shares` and `quantiles` is given, as the question asks for.

    Parameters
    ----------
    author : who forecasts: a person, a model
    as_of : the issue date, the last day whose news it knows
    probability : of yes
    shares : probability of each of the question's classes, in their order
    quantiles : (level, value) pairs, rising in both, of a question about a number
    mc_error : Monte Carlo standard error of the probability, where it was computed
    confidence : the analyst's, apart from the likelihood
    base_rate : how often such questions come true, as known when the forecast was made
    case_digest, seed, version : what gives the same number again, where it was computed
    note : anything a reader should know
    """

    question: Question
    author: str
    as_of: dt.date
    probability: float | None = None
    shares: tuple[float, ...] = ()
    quantiles: tuple[tuple[float, float], ...] = ()
    mc_error: float | None = None
    confidence: str | None = None
    base_rate: float | None = None
    case_digest: str | None = None
    seed: int | None = None
    version: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _check_text("author", self.author, longest=200, needed=True)
        _check_text("note", self.note)
        q = self.question
        given = (self.probability is not None, bool(self.shares), bool(self.quantiles))
        if given != (q.is_binary, bool(q.classes), q.number):
            wanted = "a probability" if q.is_binary else "a share of each class" if q.classes else "quantiles"
            raise EntryError(
                f"forecast of {q.key}",
                found="another kind of answer, or none",
                expected=wanted,
                mend=f"give {wanted}, and nothing else",
            )
        if self.probability is not None:
            _check_probability("probability", self.probability)
        if self.base_rate is not None:
            _check_probability("base rate", self.base_rate)
        if self.mc_error is not None and not (math.isfinite(self.mc_error) and self.mc_error >= 0.0):
            raise EntryError(
                "mc_error",
                found=f"{self.mc_error!r}",
                expected="a number of 0 or more",
                mend="leave it out where there is none",
            )
        if self.shares:
            self._check_shares()
        if self.quantiles:
            self._check_quantiles()
        if self.as_of > q.closes:
            raise EntryError(
                f"forecast of {q.key}",
                found=f"issued as of {self.as_of}",
                expected=f"a day up to its close, {q.closes}",
                mend="forecast before the question closes",
            )

    def _check_shares(self) -> None:
        for share in self.shares:
            _check_probability("share", share)
        total = math.fsum(self.shares)
        if len(self.shares) != len(self.question.classes) or abs(total - 1.0) > SUM_TOLERANCE:
            raise EntryError(
                f"forecast of {self.question.key}",
                found=f"{len(self.shares)} shares that add up to {total:g}",
                expected=f"{len(self.question.classes)} that add up to 1",
                mend="give each class its share",
            )

    def _check_quantiles(self) -> None:
        levels, values = zip(*self.quantiles, strict=True)
        rising = all(
            a[0] < b[0] and a[1] <= b[1] for a, b in zip(self.quantiles, self.quantiles[1:], strict=False)
        )
        if not (rising and levels[0] > 0.0 and levels[-1] < 1.0 and all(map(math.isfinite, values))):
            raise EntryError(
                f"forecast of {self.question.key}",
                found=", ".join(f"{level:g}={value:g}" for level, value in self.quantiles),
                expected="levels between 0 and 1 and values, rising in both",
                mend="such as 0.1=3, 0.5=10, 0.9=40",
            )

    @property
    def lead_days(self) -> int:
        """Lead time: days from the issue date to the scheduled close."""
        return (self.question.closes - self.as_of).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a question turned out.

    Parameters
    ----------
    question : its key
    outcome : "yes" or "no", one of its classes, a number, or "void" if it could not be decided
    on : the day on which it came about, or on which the question ran out
    source : who says so
    rule : how it was decided
    note : where that took judgment
    because : why it corrects an earlier resolution; empty for the first one
    supersedes : hash of the resolution that it corrects; the ledger fills it in
    """

    question: str
    outcome: str
    on: dt.date
    source: str
    rule: str
    note: str = ""
    because: str = ""
    supersedes: str | None = None

    def __post_init__(self) -> None:
        _check_key("question", self.question)
        _check_key("outcome", self.outcome)
        _check_text("source", self.source, needed=True)
        _check_text("rule", self.rule, longest=LONGEST_RULE, needed=True)
        _check_text("note", self.note)
        _check_text("because", self.because)

    @property
    def is_void(self) -> bool:
        """Whether the question could not be decided."""
        return self.outcome == VOID

    def says(self, other: Resolution) -> bool:
        """Whether both tell the same of the world, whoever records it and why."""
        return (self.question, self.outcome, self.on, self.source, self.rule, self.note) == (
            other.question, other.outcome, other.on, other.source, other.rule, other.note,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportResolution:
    """Whether what a source reported proved right: the record from which its reliability is learned.

    Parameters
    ----------
    case, source, report : names in the case
    right : whether the report told what was so
    resolved_on : the day on which that was clear; no estimate as of an earlier day may use it
    why : what showed it
    because, supersedes : as in `Resolution`
    """

    case: str
    source: str
    report: str
    right: bool
    resolved_on: dt.date
    why: str
    because: str = ""
    supersedes: str | None = None

    def __post_init__(self) -> None:
        for where in ("case", "source", "report"):
            _check_key(where, getattr(self, where))
        _check_key("report", self.key)
        _check_text("why", self.why, needed=True)
        _check_text("because", self.because)

    @property
    def key(self) -> str:
        """``case:report``."""
        return case_key(self.case, self.report)

    def says(self, other: ReportResolution) -> bool:
        """Whether both tell the same, whoever records it and why."""
        return (self.key, self.source, self.right, self.resolved_on, self.why) == (
            other.key, other.source, other.right, other.resolved_on, other.why,
        )  # fmt: skip


Kept = Forecast | Resolution | ReportResolution
K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[K]):
    """A value as the ledger keeps it.

    Parameters
    ----------
    number : its place in the chain, from 1
    recorded : when it was written, UTC
    hash : of its row, chained to the row before
    """

    number: int
    recorded: dt.datetime
    hash: str
    value: K


def in_force(rows: Iterable[Recorded[K]]) -> tuple[Recorded[K], ...]:
    """Resolutions without those that a later one supersedes, in the order of the chain."""
    rows = tuple(rows)
    superseded = {getattr(row.value, "supersedes", None) for row in rows}
    return tuple(row for row in rows if row.hash not in superseded)
