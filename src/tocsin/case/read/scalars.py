"""Plain YAML scalars by the core schema of YAML 1.2, and nothing more.

YAML 1.1, which PyYAML resolves by default, reads ``NO`` (Norway) as false, ``1:30`` as 90 and
``2023-10-11`` as a date object. Here those stay text; whether text is a date is the model's to say.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED_INT = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAYBE_NUMBER = frozenset("0123456789+-.")
# Beyond 64 bits nothing in a case is a count, and Python's own conversion turns quadratic.
_MOST_DIGITS = 18


class NotANumberError(ValueError):
    """A plain scalar that has the form of a number but no finite value of a usable size."""


def core_scalar(text: str) -> Scalar:
    """The value of an unquoted scalar.

    Raises
    ------
    NotANumberError if it is infinite, not a number, or of too many digits

    Examples
    --------
    >>> (
    ...     core_scalar("NO"),
    ...     core_scalar("true"),
    ...     core_scalar("1982"),
    ...     core_scalar("1982-05"),
    ...     core_scalar("1e3"),
    ... )
    ('NO', True, 1982, '1982-05', 1000.0)
    """
    if text in _NULL:
        return None
    if text[0] not in _MAYBE_NUMBER:
        return True if text in _TRUE else False if text in _FALSE else text
    if _INT.fullmatch(text):
        if len(text.lstrip("+-")) > _MOST_DIGITS:
            raise NotANumberError(text)
        return int(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not math.isfinite(value):
            raise NotANumberError(text)
        return value
    if _BASED_INT.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise NotANumberError(text)
        return int(text, 0)
    if _NOT_FINITE.fullmatch(text):
        raise NotANumberError(text)
    return text
