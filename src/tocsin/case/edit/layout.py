"""Plain values as YAML text, laid out as a person writes a case: short things on one line, long ones on more.

What comes out is read back by `tocsin.case.read` as the same value: a word that YAML would take for a number
or for nothing is quoted, and a date is not.
"""

from __future__ import annotations

import io
import math
import textwrap
from typing import Any

from yaml.emitter import Emitter, ScalarAnalysis

from tocsin.case.edit.patch import EditError
from tocsin.case.faults import shown
from tocsin.case.read.scalars import NotANumberError, core_scalar

WIDTH = 110
# What is written entry by entry, however short: a variant's changes are a list to be read.
_IN_LINES = frozenset({"change", "variants"})
_ANALYST = Emitter(io.StringIO(), allow_unicode=True)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def inline(value: Any, *, in_flow: bool = False, quote: str = "") -> str:
    """A value on one line.

    Parameters
    ----------
    in_flow : whether it stands between brackets, where a comma must be quoted
    quote : the quote to use for text, if its neighbours use one

    Raises
    ------
    EditError if YAML cannot say it

    Examples
    --------
    >>> inline({"front": "sudria -> norland", "weight": 0.5})
    '{front: sudria -> norland, weight: 0.5}'
    >>> inline(["NO", "12", "null", "a, b"])
    '[NO, "12", "null", "a, b"]'
    """
    match value:
        case dict():
            parts = (
                f"{key_text(str(key), in_flow=True)}: {inline(inner, in_flow=True)}"
                for key, inner in value.items()
            )
            return "{" + ", ".join(parts) + "}"
        case list() | tuple():
            return "[" + ", ".join(inline(inner, in_flow=True) for inner in value) + "]"
        case str():
            return _text(value, in_flow, quote, is_value=True)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float() if math.isfinite(value):
            return _number(value)
        case _:
            raise EditError(
                found=shown(value),
                expected="text, a finite number, a list or a mapping",
                mend="write such a value",
            )


def _number(value: float) -> str:
    text = repr(value)
    try:
        if core_scalar(text) == value:
            return text
    except NotANumberError:
        pass
    raise EditError(
        found=f"the number {text[:24]}", expected="one of at most 18 digits", mend="write a shorter number"
    )


def key_text(key: str, *, in_flow: bool = False) -> str:
    """A key, quoted only if it must be.

    Examples
    --------
    >>> key_text("0"), key_text("fronts.a -> b.posture"), key_text("a: b")
    ('0', 'fronts.a -> b.posture', '"a: b"')
    """
    return _text(key, in_flow)


def _text(text: str, in_flow: bool, quote: str = "", *, is_value: bool = False) -> str:
    analysis: ScalarAnalysis = _ANALYST.analyze_scalar(text)
    plain = analysis.allow_flow_plain if in_flow else analysis.allow_block_plain
    if plain and not analysis.multiline and not quote and text != "<<" and not (is_value and _is_other(text)):
        return text
    if quote == "'" and analysis.allow_single_quoted and not analysis.multiline:
        return "'" + text.replace("'", "''") + "'"
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise EditError(found="half a character", expected="text", mend="write the character whole")
    return '"' + "".join(map(_escaped, text)) + '"'


def _is_other(text: str) -> bool:
    """Whether the reader takes unquoted text for something else than text."""
    try:
        return not isinstance(core_scalar(text), str)
    except NotANumberError:
        return True


def _escaped(character: str) -> str:
    """A character between double quotes; by its number if it cannot be seen."""
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def after_key(value: Any, column: int, *, key: str = "", quote: str = "") -> str:
    """What follows ``key:`` in a mapping whose keys stand at `column`; lines end with a line feed.

    Examples
    --------
    >>> after_key("strong", 4)
    ' strong'
    >>> after_key([{"id": "a", "name": "A"}], 0)
    '\\n  - id: a\\n    name: A'
    """
    line = inline(value, quote=quote)
    fits = column + len(key) + 2 + len(line) <= WIDTH
    if isinstance(value, str):
        is_long = "\n" in value or not fits
        return (_broken(value, column) if is_long else None) or " " + line
    if isinstance(value, dict) and value and not (fits and key not in _IN_LINES and _is_short(value)):
        return "".join(
            f"\n{' ' * (column + 2)}{key_text(name)}:{after_key(inner, column + 2, key=name)}"
            for name, inner in value.items()
        )
    if isinstance(value, list) and value and not (fits and key not in _IN_LINES and _is_short(value)):
        return "".join(f"\n{' ' * (column + 2)}-{after_dash(inner, column + 2)}" for inner in value)
    return " " + line


def after_dash(value: Any, column: int, *, in_lines: bool | None = None) -> str:
    """What follows the dash of a list item, the dash standing at `column`.

    Parameters
    ----------
    in_lines : whether a mapping goes one key a line; by its length and whether it has an id if left out

    Examples
    --------
    >>> after_dash({"factor": "bogs-down", "shift": 0.2}, 2)
    ' {factor: bogs-down, shift: 0.2}'
    """
    line = inline(value)
    fits = column + 2 + len(line) <= WIDTH
    if isinstance(value, str):
        is_long = "\n" in value or not fits
        return (_broken(value, column) if is_long else None) or " " + line
    if not isinstance(value, dict) or not value:
        return " " + line
    if in_lines is None:
        in_lines = "id" in value
    if fits and not in_lines and not _IN_LINES & value.keys():
        return " " + line
    lines = [f"{key_text(name)}:{after_key(inner, column + 2, key=name)}" for name, inner in value.items()]
    return " " + f"\n{' ' * (column + 2)}".join(lines)


def _is_short(value: dict[str, Any] | list[Any]) -> bool:
    """Whether a collection reads well on one line: it holds no list of things with a name."""
    if isinstance(value, dict):
        return all(_is_short(inner) for inner in value.values() if isinstance(inner, dict | list))
    things = [inner for inner in value if isinstance(inner, dict)]
    return not things or (len(value) == 1 and "id" not in things[0])


def _broken(text: str, column: int) -> str | None:
    """Text in lines of its own below a key or dash at `column`; None if it would not come back the same."""
    lines = text.split("\n")
    if any(
        not _ANALYST.analyze_scalar(line).allow_single_quoted or line != " ".join(line.split())
        for line in lines
    ):
        return None
    if len(lines) > 1:
        return None if not all(lines) else " |-" + "".join(f"\n{' ' * (column + 2)}{line}" for line in lines)
    wide = max(WIDTH - column - 2, 40)
    wrapped = textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False)
    return " >-" + "".join(f"\n{' ' * (column + 2)}{line}" for line in wrapped)
