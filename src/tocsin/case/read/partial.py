"""What is left of a case when some of it is at fault, so that the rest can still be checked.

A list item with a fault is set aside and its name presumed to be defined: whoever wrote the case then
sees the wrong dates and unknown names of one file together with the wrong types of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tocsin.case.check import ANYTHING
from tocsin.case.faults import Path
from tocsin.case.model import Case

# Without one of these there is no case to check; items of the lists can be set aside one by one.
_WHOLE = frozenset({"start", "end", "step", "fine", "ladder", "dispositions", "pace"})
_LISTS = frozenset(Case.model_fields) - _WHOLE - {"tocsin", "title", "question"}
# The fields that make an item's name, where that is not its id.
_NAMING = {"fronts": ("from", "to"), "ties": ("from", "to"), "threats": ("by", "against")}
_STAND_INS: dict[str, Any] = {"tocsin": 1, "title": "untitled", "question": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A tree without the items at fault; `kept` gives the original position of each item left in a list."""

    tree: dict[str, Any]
    kept: dict[str, list[int]]
    presumed: dict[str, Any]

    def original(self, path: Path) -> Path:
        """`path` as the files number it."""
        if len(path) > 1 and path[0] in self.kept and isinstance(path[1], int):
            return (path[0], self.kept[str(path[0])][path[1]], *path[2:])
        return path


def remainder(tree: dict[str, Any], faulty: Iterable[Path], unread: Iterable[str]) -> Remainder | None:
    """Set aside what is `faulty`; None if too much is.

    Parameters
    ----------
    tree : the case as read
    faulty : paths with faults of form
    unread : top-level keys whose file could not be read
    """
    left = dict(tree)
    presumed: dict[str, Any] = dict.fromkeys(unread, ANYTHING)
    aside: dict[str, set[int]] = {}
    # Items whose very name is at fault: the name that was meant may be any.
    unnamed: set[tuple[str, int]] = set()
    for path in faulty:
        key = str(path[0])
        if len(path) > 1 and key in _LISTS and isinstance(path[1], int):
            aside.setdefault(key, set()).add(path[1])
            if len(path) == 3 and path[2] in _NAMING.get(key, ("id",)):
                unnamed.add((key, path[1]))
        elif key in _STAND_INS:
            left[key] = _STAND_INS[key]
        elif key in _LISTS and key not in ("actors", "fronts", "questions"):
            left.pop(key, None)
            presumed[key] = ANYTHING
        else:
            return None
    kept = {}
    for key, positions in aside.items():
        if not isinstance(left.get(key), list):
            continue
        items = left[key]
        kept[key] = [position for position in range(len(items)) if position not in positions]
        left[key] = [items[position] for position in kept[key]]
        names = [
            None if (key, position) in unnamed else _name(key, items[position])
            for position in positions
            if position < len(items)
        ]
        if key not in unread:
            presumed[key] = ANYTHING if None in names else frozenset(names)
    return Remainder(tree=left, kept=kept, presumed=presumed)


def _name(key: str, item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    fields = _NAMING.get(key, ("id",))
    parts = [part for field in fields if isinstance(part := item.get(field), str)]
    return " -> ".join(parts) if len(parts) == len(fields) else None
