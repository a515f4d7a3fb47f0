"""Writes standard errors of mean scores over networks and inputs, for TwoFactorBootstrapTest.

    python two_factor_references.py > ../resources/golden/two_factor.csv

Needs numpy and rsatoolbox (0.3). A line is a case: its kind, numbers of networks and inputs, scores, and standard error.

- `dual`: scores of networks on inputs, resampled 400,000 times: networks alone, inputs alone, and both. rsatoolbox's
  own function corrects the three variances for double counting. The mean is linear, so draws are averages of weights.
- `between` and `within`: scores without inputs. The variance by networks is that of leaving out one network at a time,
  less the part that is counted twice: that of the residuals of an additive model, by least squares.
"""
import itertools

import numpy as np
from rsatoolbox.util.inference_util import _dual_bootstrap

DRAWS = 400_000


def dual(random, networks, inputs):
    scores = (random.normal(size=(networks, 1)) * 0.3 + random.normal(size=(1, inputs)) * 0.8
              + random.normal(size=(networks, inputs)))
    ofNetworks = random.multinomial(networks, np.full(networks, 1 / networks), DRAWS) / networks
    ofInputs = random.multinomial(inputs, np.full(inputs, 1 / inputs), DRAWS) / inputs
    variances = np.array([
        np.einsum("di,ij,dj->d", ofNetworks, scores, ofInputs, optimize=True).var(),
        (ofNetworks @ scores.mean(1)).var(),
        (ofInputs @ scores.mean(0)).var(),
    ])
    return scores, np.sqrt(_dual_bootstrap(variances, networks, inputs))


def residual_square(values, design):
    fit, _, rank, _ = np.linalg.lstsq(design, values, rcond=None)
    return ((values - design @ fit) ** 2).sum() / (len(values) - rank)


def between(random, targets, references):
    scores = random.normal(size=(targets, references))
    loo = [[np.delete(scores, i, axis).mean() for i in range(scores.shape[axis])] for axis in (0, 1)]
    variance = sum((len(one) - 1) * np.var(one) for one in loo)
    pairs = list(itertools.product(range(targets), range(references)))
    design = np.zeros((len(pairs), targets + references))
    for row, (i, j) in enumerate(pairs):
        design[row, [i, targets + j]] = 1
    square = residual_square(scores.ravel(), design)
    return scores, np.sqrt(max(variance - square / scores.size, variance / 2))


def within(random, networks):
    """A symmetric additive model s_ij = u_i + u_j + e_ij; the mean over pairs has 2 var(e) / (n (n - 1)) of e."""
    scores = random.normal(size=(networks, networks)) + random.normal(size=(networks, 1))
    pairs = list(itertools.combinations(range(networks), 2))
    values = np.array([(scores[i, j] + scores[j, i]) / 2 for i, j in pairs])
    loo = [np.mean([v for v, pair in zip(values, pairs) if i not in pair]) for i in range(networks)]
    variance = (networks - 1) * np.var(loo)
    if networks > 3:
        design = np.zeros((len(pairs), networks))
        for row, pair in enumerate(pairs):
            design[row, list(pair)] = 1
        counted = 4 / (networks * (networks - 2)) - 2 / (networks * (networks - 1))
        variance = max(variance - residual_square(values, design) * counted, variance / 2)
    return scores, np.sqrt(variance)


random = np.random.default_rng(63)
for kind, make, sizes in (
    ("dual", dual, [(5, 20), (8, 30), (3, 12)]),
    ("between", between, [(5, 4), (2, 7)]),
    ("within", within, [(3,), (4,), (6,)]),
):
    for size in sizes:
        scores, error = make(random, *size)
        flat = " ".join(f"{one:.17g}" for one in scores.ravel())
        print(f"{kind},{scores.shape[0]},{scores.shape[1]},{flat},{error:.12g}")
