"""Credit codes for enterprises that do not exist, made for many at once.

The subject number begins with a block of its own (`BLOCK`), so that a mocked code is known at
sight and meets no real one; both check characters are right (GB 32100-2015, GB 11714).
"""

import numpy as np

from cityforge.brain.mock.streams import Integers, Words, stream
from cityforge.brain.values.credit_code import CHARACTERS

BLOCK = "MK"
_BASE = len(CHARACTERS)
_FREE = 6  # characters of the subject number after the block
_SPACE = _BASE**_FREE
_LETTERS = np.array(list(CHARACTERS))
# Place of each character of CHARACTERS in the alphabet of GB 11714 (0-9, A-Z).
_SUBJECT_VALUES = np.array([int(character, 36) for character in CHARACTERS])
_SUBJECT_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_CODE_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_X = CHARACTERS.index("X")


def credit_codes(seed: int, regions: Words) -> Words:
    """One valid, unique code of an enterprise (91) for each six-digit region."""
    count = len(regions)
    digits = np.empty((count, 18), dtype=np.int64)
    digits[:, 0], digits[:, 1] = CHARACTERS.index("9"), CHARACTERS.index("1")
    digits[:, 2:8] = np.array(regions, dtype="U6").view("U1").reshape(count, 6).astype(np.int64)
    digits[:, 8:10] = [CHARACTERS.index(letter) for letter in BLOCK]
    digits[:, 10:16] = _numbers(seed, count)
    organisation = -(_SUBJECT_VALUES[digits[:, 8:16]] @ _SUBJECT_WEIGHTS) % 11
    digits[:, 16] = np.where(organisation == 10, _X, organisation)
    digits[:, 17] = -(digits[:, :17] @ _CODE_WEIGHTS) % 31
    letters = np.ascontiguousarray(_LETTERS[digits])
    return letters.view("U18").reshape(count).astype(object)


def _numbers(seed: int, count: int) -> Integers:
    """Digits of distinct numbers below 31^6, scattered: i -> a*i + b with a prime to 31."""
    draw = stream(seed, "codes")
    factor = int(draw.integers(1, _SPACE // _BASE)) * _BASE + 7
    numbers = (np.arange(count, dtype=object) * factor + int(draw.integers(_SPACE))) % _SPACE
    digits = np.empty((count, _FREE), dtype=np.int64)
    rest = numbers.astype(np.int64)
    for place in reversed(range(_FREE)):
        digits[:, place] = rest % _BASE
        rest //= _BASE
    return digits
