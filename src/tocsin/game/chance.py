"""Where chance comes from: a hash of (seed, stream, step, front, slot), so that nothing depends on order.

Every draw of the game has an address. The same address gives the same draw whatever the number of threads,
the split into jobs, or what else is drawn; two runs that differ in one lever differ in chance nowhere else.
This is the plain NumPy form; ``kernel.py`` repeats it lane by lane and a test holds the two together.

The mixer is the two-round "lowbias32" function of C. Wellons (2018, hash-prospector), whose avalanche bias is
the least found for its cost; its use here is checked for uniformity, independence of neighbours and tails.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GOLDEN = np.uint32(0x9E3779B9)
# What a draw is for. Words of one front-step differ in their lowest part only.
NOISE, INCIDENT, GOAL, READINESS = 0, 1, 2, 3
WORDS_PER_FRONT = 4
# Addresses past the fronts: factors, then deals.
FACTOR_BASE, DEAL_BASE = 4096, 8192

U32 = NDArray[np.uint32]


def mix(x: U32) -> U32:
    """Scramble 32-bit words, one to one."""
    x = x.astype(np.uint32)
    with np.errstate(over="ignore"):
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return x


def step_key(seed: int, step: int) -> int:
    """One 32-bit key for a step of a run, from a seed of up to 64 bits."""
    key = np.array([seed & 0xFFFFFFFF], dtype=np.uint32)
    high = np.array([(seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)
    with np.errstate(over="ignore"):
        key = mix(key + GOLDEN) ^ mix(high + np.uint32(0x85EBCA6B))
        key = mix(key + np.uint32(step) * np.uint32(0xC2B2AE35))
    return int(key[0])


def words(key: int, slots: U32, address: int) -> U32:
    """Random 32-bit words of the given slots at one address of a step."""
    with np.errstate(over="ignore"):
        lane = mix(slots.astype(np.uint32) * np.uint32(2654435769) + np.uint32(key))
        return mix(lane + np.uint32(address) * GOLDEN)


def uniform(word: U32) -> NDArray[np.float32]:
    """Uniforms in (0, 1), never 0 or 1: the middles of 2**23 equal parts, which float32 holds exactly."""
    return ((word >> np.uint32(9)).astype(np.float32) + np.float32(0.5)) * np.float32(1.0 / 8388608.0)


def normal(word: U32) -> NDArray[np.float64]:
    """Standard normals: the top bit is the sign, the other 31 the tail probability (to 6.3 sigma)."""
    from scipy.special import ndtri

    tail = ((word & np.uint32(0x7FFFFFFF)).astype(np.float64) + 0.5) / 4294967296.0
    return np.asarray(np.where(word >> np.uint32(31) == 1, -1.0, 1.0) * ndtri(tail))
