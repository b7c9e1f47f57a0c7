"""Words of estimative probability: one number, one word, and the range the word stands for.

Sources: Intelligence Community Directive 203 (2015), and the Probability Yardstick of the United Kingdom's
Professional Head of Intelligence Assessment (2019), whose ranges leave gaps; a number in a gap takes the
nearer word.
"""

from __future__ import annotations

from tocsin.ask.estimate import Band, Chance

ICD_203 = (
    ("almost no chance", 0.0, 0.05),
    ("very unlikely", 0.05, 0.20),
    ("unlikely", 0.20, 0.45),
    ("roughly even chance", 0.45, 0.55),
    ("likely", 0.55, 0.80),
    ("very likely", 0.80, 0.95),
    ("almost certain", 0.95, 1.0),
)
PHIA = (
    ("remote chance", 0.0, 0.05),
    ("highly unlikely", 0.10, 0.20),
    ("unlikely", 0.25, 0.35),
    ("realistic possibility", 0.40, 0.50),
    ("likely or probable", 0.55, 0.75),
    ("highly likely", 0.80, 0.90),
    ("almost certain", 0.95, 1.0),
)
YARDSTICKS = {"ICD 203": ICD_203, "PHIA": PHIA}


def band(chance: Chance, yardstick: str = "ICD 203") -> Band:
    """The word for a probability.

    Parameters
    ----------
    chance : a probability with its Monte Carlo error
    yardstick : "ICD 203" or "PHIA"

    Returns
    -------
    Band; its `edge` says that two Monte Carlo errors reach into a neighbouring word

    Raises
    ------
    KeyError if the yardstick is neither

    Examples
    --------
    >>> band(Chance(probability=0.12, mc_error=0.004)).word
    'very unlikely'
    >>> band(Chance(probability=0.23, mc_error=0.002), "PHIA").word
    'unlikely'
    """
    words = YARDSTICKS[yardstick]

    def index(p: float) -> int:
        gaps = [max(low - p, p - high, 0.0) for _, low, high in words]
        least = min(gaps)
        # On a shared edge the upper word: 20 % is "unlikely", not "very unlikely".
        return max(k for k, gap in enumerate(gaps) if gap == least)

    k = index(chance.probability)
    reach = 2.0 * chance.mc_error
    edge = any(index(min(max(chance.probability + step, 0.0), 1.0)) != k for step in (-reach, reach))
    word, low, high = words[k]
    return Band(word=word, low=low, high=high, yardstick=yardstick, edge=edge)
