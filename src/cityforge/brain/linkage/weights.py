"""The weights of Splink's model: (m, u) of each level of each comparison.

m is how often a pair of one enterprise looks so, u how often a pair of two does. They were learnt
by expectation maximisation with a fixed seed from the development half of a noisy copy of 145,210
registrations of one province (bench/linkage.py --train) and mix two such runs; they were not
learnt again since the rung one_slip came before Splink. The register bears no addresses: the
weights of `address` are set by hand.
"""

from typing import Final

PRIOR: Final = 1e-5
FREQUENT: Final = ("core",)
WEIGHTS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "core": {
        "equal": (0.754601, 6.874e-06),
        "sounds equal": (0.017814, 5.48e-07),
        "letters exchanged": (0.004789, 2.18e-07),
        "one slip, 6 characters or more": (0.002346, 1.49e-07),
        "one slip, places and all": (0.003694, 1.05e-07),
        "one slip, short": (0.000526, 1.68e-07),
        "two slips, 7 characters or more": (0.004211, 2.49e-07),
        "one within the other": (0.206966, 2.1964e-05),
        "same brand": (0.007035, 5.479e-06),
        "other": (0.005435, 0.999964032),
    },
    "prefix": {
        "equal": (0.988403, 0.09923511),
        "one within the other": (0.005524, 0.011093594),
        "other": (0.006073, 0.889671296),
    },
    "form": {"equal": (0.941337, 0.671110447), "other": (0.058663, 0.328889553)},
    "district": {"equal": (0.999, 0.149764363), "other": (0.001, 0.850235637)},
    "address": {"equal": (0.5, 0.0005), "alike": (0.45, 0.0005), "other": (0.05, 0.999)},
    "number": {"two slips at most": (0.565266, 3.728e-06), "other": (0.434734, 0.999996272)},
}
