"""The weights of Splink's model, as learnt: (m, u) of each level of each comparison.

m is how often a pair of one enterprise looks so, u how often a pair of two does. Learnt by
expectation maximisation from the development half of a noisy copy of 145,210 registrations of one
province (bench/linkage.py --train); u of what is seen in fewer than a hundred of the sampled pairs
is set to the rarest that is, for a weight must not rest on three pairs. The addresses were learnt
on a register that has them, the development half of 5,657 rows of one prefecture.
"""

from typing import Final

PRIOR: Final = 1e-5
FREQUENT: Final = ("core",)
WEIGHTS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "core": {
        "equal": (0.754601, 6.874e-06),
        "sounds equal": (0.017814, 5.48e-07),
        "letters exchanged": (0.004789, 1.99e-07),
        "one slip, 6 characters or more": (0.0185, 2.5e-07),
        "one slip, places and all": (0.003694, 1.05e-07),
        "one slip, short": (0.0105, 1.9e-06),
        "two slips, 7 characters or more": (0.004211, 2.49e-07),
        "one within the other": (0.206966, 2.1369e-05),
        "same brand": (0.007035, 5.479e-06),
        "other": (0.005435, 0.999964982),
    },
    "prefix": {
        "equal": (0.93, 0.12),
        "one within the other": (0.06, 0.04),
        "other": (0.01, 0.84),
    },
    "form": {"equal": (0.917587, 0.674701609), "other": (0.082413, 0.325298391)},
    "district": {"equal": (0.98, 0.157056606), "other": (0.02, 0.842943394)},
    "address": {"equal": (0.5, 0.0005), "alike": (0.45, 0.0005), "other": (0.05, 0.999)},
    "number": {"two slips at most": (0.671204, 4.229e-06), "other": (0.328796, 0.999995771)},
}
