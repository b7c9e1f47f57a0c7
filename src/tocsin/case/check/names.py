"""The names that a case defines, and what to say of one that it does not."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Mapping

from tocsin.case.check.finding import Finding, listed
from tocsin.case.faults import Path, shown
from tocsin.case.model import Case


class _Anything:
    """Holds every name: stands for a file or list that could not be read."""

    def __contains__(self, name: object) -> bool:
        return True


ANYTHING = _Anything()
# By top-level key of the case, and "rungs" for those of the ladder.
Presumed = Mapping[str, Container[str]]

_ONE = {
    "actors": "an actor",
    "fronts": "a front",
    "factors": "a factor",
    "rungs": "a rung",
    "dispositions": "a disposition",
    "indicators": "an indicator",
    "sources": "a source",
    "deals": "a deal",
    "levers": "a lever",
    "questions": "a question",
    "reports": "a report",
    "threats": "a threat",
    "ties": "a tie",
}


class Names:
    """Names by kind. A kind is the top-level key that defines it; rungs come from the ladder."""

    def __init__(self, case: Case, presumed: Presumed) -> None:
        self._presumed = presumed
        self.rungs: dict[str, int] = {
            rung.id: level for level, rung in reversed([*enumerate(case.ladder.rungs)])
        }
        self._defined: dict[str, tuple[str, ...]] = {
            "rungs": tuple(rung.id for rung in case.ladder.rungs),
            "fronts": tuple(front.ref for front in case.fronts),
            "threats": tuple(f"{threat.by} -> {threat.against}" for threat in case.threats),
            "ties": tuple(f"{tie.from_} -> {tie.to}" for tie in case.ties),
            **{
                kind: tuple(item.id for item in getattr(case, kind))
                for kind in (
                    "actors",
                    "factors",
                    "dispositions",
                    "indicators",
                    "sources",
                    "deals",
                    "levers",
                    "questions",
                    "reports",
                )
            },
        }
        self._sets = {kind: frozenset(names) for kind, names in self._defined.items()}
        self._phrases: dict[tuple[str, str], tuple[str, str, str]] = {}

    def of(self, kind: str) -> tuple[str, ...]:
        """The names of a kind, in the case's order."""
        return self._defined[kind]

    def has(self, kind: str, name: str) -> bool:
        """Whether the case defines `name`, or may have in a part that could not be read."""
        return name in self._sets[kind] or name in self._presumed.get(kind, ())

    def knows_all(self, kind: str | None = None) -> bool:
        """Whether every definition of this kind, or of any, could be read: what is not there is not there."""
        return kind not in self._presumed if kind is not None else not self._presumed

    def unknown(self, kind: str, name: str, path: Path, *, at_key: bool = False) -> Iterable[Finding]:
        """A finding if `name` is not one of `kind`; the nearest name is its likely meaning."""
        if self.has(kind, name):
            return
        # The same slip in thousands of reports costs one search for its nearest name.
        phrases = self._phrases.get((kind, name))
        if phrases is None:
            phrases = self._phrases[kind, name] = self._describe(kind, name)
        found, expected, mend = phrases
        yield Finding(path=path, found=found, expected=expected, mend=mend, at_key=at_key)

    def _describe(self, kind: str, name: str) -> tuple[str, str, str]:
        known = tuple(dict.fromkeys(self._defined[kind]))
        # Any two fronts look alike, for their arrows.
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.85 if " -> " in name else 0.6)
        where = "the ladder" if kind == "rungs" else kind
        what = (
            f"{_ONE[kind]} of the case ({listed(known)})" if known else f"{_ONE[kind]}, but the case has none"
        )
        define = f"define {shown(name)} under {where}"
        mend = f"did you mean {near[0]}?" if near else f"use one of those, or {define}" if known else define
        return f"{shown(name)}, which is not defined", what, mend
