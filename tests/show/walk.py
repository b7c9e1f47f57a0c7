"""Walk over an estimate's fields, to say something of all of them at once."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

# Texts that choose what is drawn, and those that tocsin makes itself: they stay as they are.
KEPT = {"yardstick", "kind", "severity", "level", "case_digest", "version"}


def with_texts(value: Any, text: str, known: dict[str, str] | None = None) -> Any:
    """The same value with every free text awkward; what was the same text before is the same text after."""
    known = {} if known is None else known
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            f.name: with_texts(getattr(value, f.name), text, known)
            for f in fields(value)
            if f.name not in KEPT
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(with_texts(part, text, known) for part in value)
    if isinstance(value, str):
        return known.setdefault(value, f"{text} n{len(known)}n")
    return value
