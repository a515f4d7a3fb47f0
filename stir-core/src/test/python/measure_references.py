"""Computes what the similarity measures of stir-core should give for 29 kinds of matrices that break careless code.

    pip install numpy scipy gudhi
    python stir-core/src/test/python/measure_references.py

writes stir-core/src/test/resources/golden/kinds.csv, which ReferenceValuesTest compares with the measures. The matrices
are made by the same arithmetic on both sides (SplitMix64 and IEEE operations alone).

The formulas are the papers'; the two measures of topology are GUDHI's persistent homology of what their published codes
hand to it and to ripser. Dot products of rows are computed without any rounding, as whole numbers (a double is one,
times a power of two), so that distances, angles, ties and linear CKA are exact up to the last step. The rest is numpy's
and scipy's float64 on exactly centred columns.
"""

import itertools
from fractions import Fraction
from math import acos, exp, fsum, log, sqrt
from pathlib import Path

import gudhi
import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.special
import scipy.stats

TARGET = Path(__file__).resolve().parents[1] / "resources" / "golden" / "kinds.csv"
MASK = (1 << 64) - 1


# The matrices ----------------------------------------------------------------------------------------------------


def noise(rows, columns, seed):
    """Sums of four uniform numbers, minus 2: nearly a bell, and the same on every machine."""
    values = np.empty((rows, columns))
    state = seed
    for i, j in itertools.product(range(rows), range(columns)):
        total = 0.0
        for _ in range(4):
            state = (state + 0x9E3779B97F4A7C15) & MASK
            z = state
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            total += ((z ^ (z >> 31)) >> 11) * 2.0**-53
        values[i, j] = total - 2
    return values


def related(x, columns, seed):
    """Features of the other matrix, over and over, and noise."""
    return x[:, np.arange(columns) % x.shape[1]] + noise(len(x), columns, seed)


def of_rank(rows, columns, rank, seed):
    left, right = noise(rows, rank, seed), noise(rank, columns, seed + 1)
    total = np.zeros((rows, columns))
    for k in range(rank):
        total = total + left[:, k : k + 1] * right[k : k + 1]
    return total


def pair(rows, columns_of_x, columns_of_y, change=lambda values: values):
    x = noise(rows, columns_of_x, 1)
    y = related(x, columns_of_y, 2)
    return change(x), change(y)


def relu(values):
    changed = np.maximum(values, 0)
    changed[:, 3] = 0
    return changed


def one_hot(classes):
    return (classes[:, None] == np.arange(10)[None]).astype(float)


def constant_columns(values):
    changed = values.copy()
    changed[:, 1] = 0.1
    changed[:, 4] = -7
    return changed


def kinds():
    base = noise(60, 10, 1)
    classes = np.arange(100) * 7 % 10
    return {
        "few": pair(12, 3, 4),
        "independent": (noise(100, 16, 1), noise(100, 24, 2)),
        "tall": pair(300, 40, 30),
        "wide": pair(30, 200, 100),
        "very-wide": pair(20, 600, 500),
        "square": pair(40, 40, 40),
        "wide-together": (noise(60, 40, 1), noise(60, 40, 2)),
        "related": pair(60, 10, 14),
        "relu": pair(80, 20, 20, relu),
        "rank-deficient": (of_rank(60, 20, 5, 1), of_rank(60, 20, 5, 1) + of_rank(60, 20, 2, 7)),
        "rank-one": (of_rank(40, 6, 1, 1), of_rank(40, 5, 1, 5)),
        "tiny-variance": pair(60, 8, 8, lambda values: 1 + 1e-7 * values),
        "offset-1e2": pair(60, 8, 8, lambda values: 1e2 + values),
        "offset-1e4": pair(60, 8, 8, lambda values: 1e4 + values),
        "offset-1e6": pair(60, 8, 8, lambda values: 1e6 + values),
        "offset-1e8": pair(60, 8, 8, lambda values: 1e8 + values),
        "duplicated-rows": pair(48, 6, 6, lambda values: values[np.arange(48) % 16]),
        "integers": pair(80, 6, 8, lambda values: np.floor(2 * values)),
        "one-hot": (one_hot(classes), related(one_hot(classes), 20, 2)),
        "binary": pair(80, 12, 12, lambda values: (values > 0).astype(float)),
        "constant-columns": pair(50, 8, 8, constant_columns),
        "one-column": pair(30, 1, 1),
        "single-precision": pair(60, 10, 14, lambda values: values.astype(np.float32).astype(float)),
        "huge": pair(50, 8, 12, lambda values: values * 1e30),
        "tiny": pair(50, 8, 12, lambda values: values * 1e-30),
        "ill-conditioned": pair(60, 8, 8, lambda values: values / 10.0 ** np.arange(8)),
        "same": (base, base),
        "scaled-copy": (base, -3 * base),
        "repeated-columns": pair(50, 4, 5, lambda values: values[:, np.arange(9) % values.shape[1]]),
    }


# Exact arithmetic ------------------------------------------------------------------------------------------------


class Exact:
    """A matrix as whole numbers times a power of two, and what follows from their products."""

    def __init__(self, x):
        self.x = x
        self.n, self.d = x.shape
        mantissas, exponents = np.frexp(x)
        lowest = int(exponents[x != 0].min()) - 53 if np.any(x) else 0
        self.scale = Fraction(2) ** lowest
        whole = [int(m * 2**53) << max(0, int(e) - 53 - lowest) for m, e in zip(mantissas.flat, exponents.flat)]
        self.whole = np.array(whole, dtype=object).reshape(x.shape)
        self.gram = self.whole.dot(self.whole.T)
        sums = self.whole.sum(axis=1)
        self.row_gram = self.d * self.gram - np.outer(sums, sums)  # of rows about their own means, times d
        total = self.whole.sum(axis=0)
        about_mean = self.n * self.whole - total[None]
        self.centred_gram = about_mean.dot(about_mean.T)  # times n * n
        self.centred = np.array([float(Fraction(int(v), self.n) * self.scale) for v in about_mean.flat]).reshape(x.shape)

    def pairs(self, value):
        return np.array([value(i, j) for i, j in itertools.combinations(range(self.n), 2)])

    def squared_distance(self, i, j):
        return float((self.gram[i, i] + self.gram[j, j] - 2 * self.gram[i, j]) * self.scale**2)

    def angle(self, gram, i, j):
        product = gram[i, i] * gram[j, j]
        if product == 0:
            raise ZeroDivisionError
        cosine = sqrt(gram[i, j] ** 2 / product)
        sine_squared = (product - gram[i, j] ** 2) / product
        if sine_squared < 2.0**-102:  # no more than the rounding of parallel rows
            sine_squared = 0.0
        distance = sine_squared / (1 + cosine)
        return distance if gram[i, j] > 0 else 2 - distance

    def distances(self, word):
        if word == "cosine":
            return self.pairs(lambda i, j: self.angle(self.gram, i, j))
        if word == "correlation":
            if self.d == 1:
                raise ZeroDivisionError
            return self.pairs(lambda i, j: self.angle(self.row_gram, i, j))
        if word == "inner-product":
            return self.pairs(lambda i, j: -float(self.gram[i, j] * self.scale**2))
        squared = self.pairs(self.squared_distance)
        return np.sqrt(squared) if word == "euclidean" else squared


def square(pairs, n):
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = pairs
    return matrix + matrix.T


# The measures ----------------------------------------------------------------------------------------------------


def linear_cka(a, b):
    def dot(k, l):
        return int((k * l).sum())

    both, of_a, of_b = (dot(k, l) for k, l in [(a.centred_gram, b.centred_gram)] + [(x.centred_gram,) * 2 for x in (a, b)])
    return sqrt(Fraction(both * both, of_a * of_b))


def debiased_linear_cka(a, b):
    n = a.n

    def hsic(k, l):
        k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
        products = int((k.sum(axis=1) * l.sum(axis=1)).sum())
        return int((k * l).sum()) + Fraction(int(k.sum()) * int(l.sum()), (n - 1) * (n - 2)) - Fraction(2 * products, n - 2)

    both, of_a, of_b = hsic(a.gram, b.gram), hsic(a.gram, a.gram), hsic(b.gram, b.gram)
    return float(np.sign(both)) * sqrt(Fraction(both) ** 2 / (Fraction(of_a) * of_b))


def centred(values):
    values = np.asarray(values, dtype=np.longdouble)
    return values - values.mean()


def pearson(x, y):
    x, y = centred(x), centred(y)
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def cosine(x, y):
    x, y = np.asarray(x, dtype=np.longdouble), np.asarray(y, dtype=np.longdouble)
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def concordance(x, y):
    """The excess of concordant pairs, by all of them in blocks."""
    total = 0
    for from_ in range(0, len(x), 500):
        some = slice(from_, from_ + 500)
        total += int((np.sign(x[some, None] - x[None]) * np.sign(y[some, None] - y[None])).sum())
    return total // 2


def tau_a(x, y):
    return concordance(x, y) / (len(x) * (len(x) - 1) / 2)


def rho_a(x, y):
    n = len(x)
    return float(12 * np.dot(scipy.stats.rankdata(x), scipy.stats.rankdata(y)) / (n**3 - n) - 3 * (n + 1) / (n - 1))


def whitened(x, y, n):
    """The cosine after whitening by the covariance of dissimilarities of independent rows with unit noise."""
    contrasts = np.zeros((len(x), n))
    for row, (i, j) in enumerate(itertools.combinations(range(n), 2)):
        contrasts[row, i], contrasts[row, j] = 1, -1
    covariance = (contrasts @ contrasts.T) ** 2
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    inverse_x, inverse_y = np.linalg.solve(covariance, np.column_stack([x, y])).T
    return float(x @ inverse_y / np.sqrt((x @ inverse_x) * (y @ inverse_y)))


COMPARISONS = {
    "rsa-pearson": pearson,
    "rsa-cosine": cosine,
    "rsa-spearman": lambda x, y: pearson(scipy.stats.rankdata(x), scipy.stats.rankdata(y)),
    "rsa-spearman?coefficient=rho-a": rho_a,
    "rsa-kendall": lambda x, y: float(scipy.stats.kendalltau(x, y).statistic),
    "rsa-kendall?coefficient=tau-a": lambda x, y: tau_a(x, y) if len(x) < 6000 else None,
}


def rsa(a, b):
    for word in ("correlation", "euclidean", "squared-euclidean", "cosine"):
        for measure, comparison in COMPARISONS.items():
            def value(word=word, measure=measure, comparison=comparison):
                # The rank correlations see the order alone: the root's last rounding is not to make ties.
                ranked = "squared-euclidean" if "rsa-spearman" in measure or "rsa-kendall" in measure else "euclidean"
                x, y = (side.distances(ranked if word == "euclidean" else word) for side in (a, b))
                if np.ptp(x) == 0 or np.ptp(y) == 0:
                    raise ZeroDivisionError
                return comparison(x, y)

            yield measure + ("&" if "?" in measure else "?") + "dissimilarity=" + word, value
    for comparison in ("cosine", "correlation"):
        def value(comparison=comparison):
            x, y = (side.distances("squared-euclidean") for side in (a, b))
            if comparison == "correlation":
                if np.ptp(x) == 0 or np.ptp(y) == 0:
                    raise ZeroDivisionError
                x, y = (np.asarray(centred(v / np.abs(v).max()), dtype=float) for v in (x, y))
            return whitened(x, y, a.n) if a.n <= 60 else None

        yield "rsa-whitened?comparison=" + comparison, value


def neighbours(side, metric, k):
    distances = square(side.distances("squared-euclidean" if metric == "euclidean" else metric), side.n)
    if metric == "inner-product":
        np.fill_diagonal(distances, np.inf)
    return [[j for j in np.argsort(distances[i], kind="stable") if j != i][:k] for i in range(side.n)]


def longest_common(x, y):
    lengths = np.zeros((len(x) + 1, len(y) + 1), dtype=int)
    for i, j in itertools.product(range(len(x)), range(len(y))):
        lengths[i + 1, j + 1] = lengths[i, j] + 1 if x[i] == y[j] else max(lengths[i, j + 1], lengths[i + 1, j])
    return lengths[-1, -1]


def edits(x, y):
    counts = np.zeros((len(x) + 1, len(y) + 1), dtype=int)
    counts[:, 0], counts[0] = np.arange(len(x) + 1), np.arange(len(y) + 1)
    for i, j in itertools.product(range(len(x)), range(len(y))):
        counts[i + 1, j + 1] = min(counts[i, j] + (x[i] != y[j]), counts[i, j + 1] + 1, counts[i + 1, j] + 1)
    return counts[-1, -1]


def rank_similarity(x, y):
    shared = [j for j in x if j in y]
    if not shared:
        return 0
    ranks = [(x.index(j) + 1, y.index(j) + 1) for j in shared]
    return sum(2 / ((1 + abs(r - s)) * (r + s)) for r, s in ranks) / sum(1 / i for i in range(1, len(shared) + 1))


def of_neighbours(a, b, k=10):
    of_rows = {
        "knn-jaccard": lambda x, y: len({*x} & {*y}) / len({*x} | {*y}),
        "mutual-knn": lambda x, y: len({*x} & {*y}) / k,
        "rank-similarity": rank_similarity,
        "lcs-knn": lambda x, y: longest_common(x, y) / k,
        "edit-distance-knn": lambda x, y: 1 - edits(x, y) / k,
    }
    for metric in ("cosine", "euclidean", "inner-product"):
        for measure, of_row in of_rows.items():
            def value(metric=metric, of_row=of_row):
                lists = zip(neighbours(a, metric, k), neighbours(b, metric, k))
                return fsum(of_row(x, y) for x, y in lists) / a.n

            yield f"{measure}?metric={metric}", value

        def cycle(metric=metric):
            of_a, of_b = neighbours(a, metric, k), neighbours(b, metric, k)
            return sum(any(i in of_a[j] for j in of_b[i]) for i in range(a.n)) / a.n

        yield f"cycle-knn?metric={metric}", cycle

    def second_order():
        of_a, of_b = neighbours(a, "cosine", k), neighbours(b, "cosine", k)
        x, y = (square(side.distances("cosine"), side.n) for side in (a, b))
        total = 0
        for i in range(a.n):
            either = sorted({*of_a[i], *of_b[i]})
            if not x[i, either].any() or not y[i, either].any():
                total += not x[i, either].any() and not y[i, either].any()
            else:
                total += cosine(x[i, either], y[i, either])
        return total / a.n

    yield "second-order-cosine", second_order


def rbf_cka(a, b, fraction, debiased):
    n = a.n
    kernels = []
    for side in (a, b):
        distances = side.distances("squared-euclidean").astype(np.longdouble)
        median = np.median(distances)
        if median == 0:
            raise ZeroDivisionError
        kernels.append(np.expm1(-distances / (2 * fraction**2 * median)))

    def hsic(x, y):
        k, l = (square(v, n).astype(np.longdouble) for v in (x, y))
        if not debiased:
            h = np.eye(n, dtype=np.longdouble) - np.longdouble(1) / n
            return ((h @ k @ h) * (h @ l @ h)).sum()
        k, l = (u_centred(m, n) for m in (k, l))
        return (k * l).sum()

    return float(hsic(*kernels) / np.sqrt(hsic(kernels[0], kernels[0]) * hsic(kernels[1], kernels[1])))


def u_centred(k, n):
    rows = k.sum(axis=1)
    changed = k - rows[:, None] / (n - 2) - rows[None] / (n - 2) + rows.sum() / ((n - 1) * (n - 2))
    np.fill_diagonal(changed, 0)
    return changed


def distance_correlation(a, b):
    def doubly(side):
        k = square(side.distances("euclidean"), side.n).astype(np.longdouble)
        k = k / k.max()
        return k - k.mean(axis=0) - k.mean(axis=1, keepdims=True) + k.mean()

    k, l = doubly(a), doubly(b)
    return float(np.sqrt((k * l).sum() / np.sqrt((k * k).sum() * (l * l).sum())))


def scaled_columns(x):
    norms = np.linalg.norm(x / np.abs(x).max(), axis=0) * np.abs(x).max()
    return x / np.where(norms == 0, 1, norms)


def basis(x, noise_of):
    """An orthonormal basis of the columns; directions within the rounding of the values do not count."""
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    limit = max(max(x.shape) * 2.0**-52 * s[0], 5 * 2.0**-53 * np.linalg.norm(noise_of))
    return u[:, s > limit], s[s > limit]


def span(side):
    """The basis of the centred features, at one size each; what centring left of the values' rounding is noise."""
    x = side.centred
    norms = np.linalg.norm(x / np.abs(x).max(), axis=0) * np.abs(x).max()
    safe = np.where(norms == 0, np.inf, norms)
    return basis(x / safe, side.x / safe)[0]


def canonical(a, b):
    return np.minimum(1, np.linalg.svd(span(a).T @ span(b), compute_uv=False))


def pwcca(a, b):
    q = span(a)
    u, s, _ = np.linalg.svd(q.T @ span(b), full_matrices=False)
    weights = np.abs((q @ u).T @ a.centred).sum(axis=1)
    return float(weights @ np.minimum(1, s) / weights.sum())


def svcca(a, b, share=0.99):
    def components(side):
        u, s, _ = np.linalg.svd(side.centred / np.abs(side.centred).max(), full_matrices=False)
        return u[:, : np.searchsorted(np.cumsum(s**2) / (s**2).sum(), share) + 1]

    return float(np.minimum(1, np.linalg.svd(components(a).T @ components(b), compute_uv=False)).mean())


def explained(predicted, predictor):
    y = predicted.centred / np.abs(predicted.centred).max()
    return float(min(1, np.sum((span(predictor).T @ y) ** 2) / np.sum(y**2)))


def gulp(a, b, ridge):
    def smoother(side):
        x = side.centred / np.linalg.norm(side.centred / np.abs(side.centred).max()) / np.abs(side.centred).max()
        u, s, _ = np.linalg.svd(x, full_matrices=False)
        noise = 5 * 2.0**-53 * np.linalg.norm(side.x / np.abs(side.centred).max()) / np.linalg.norm(side.centred / np.abs(side.centred).max())
        keep = s > max(max(x.shape) * 2.0**-52 * s[0], noise)
        u, s = u[:, keep], s[keep]
        return (u * (s**2 / (s**2 + ridge))) @ u.T

    return float(np.sum((smoother(a) - smoother(b)) ** 2))


def narrowed(x):
    """The same rows, rotated to no more columns than rows."""
    return x if x.shape[1] <= x.shape[0] else (lambda u, s: u * s)(*np.linalg.svd(x, full_matrices=False)[:2])


def nuclear_cosine(x, y):
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    nuclear = np.linalg.svd(narrowed(x).T @ narrowed(y), compute_uv=False).sum()
    return min(1.0, float(nuclear / np.linalg.norm(x) / np.linalg.norm(y)))


def size_and_shape(a, b):
    x, y = a.centred, b.centred
    unit = max(np.abs(x).max(), np.abs(y).max())
    x, y = x / unit, y / unit
    nuclear = np.linalg.svd(narrowed(x).T @ narrowed(y), compute_uv=False).sum()
    return float(unit * np.sqrt(max(0, np.sum(x**2) + np.sum(y**2) - 2 * nuclear)))


def whitened_shape(a, b, alpha):
    def parts(side):
        x = side.centred / np.abs(side.centred).max()
        u, s, _ = np.linalg.svd(x / np.linalg.norm(x), full_matrices=False)
        noise = 5 * 2.0**-53 * np.linalg.norm(side.x / np.abs(side.centred).max()) / np.linalg.norm(x)
        keep = s > max(max(x.shape) * 2.0**-52 * s[0], noise)
        return u[:, keep] * (alpha * s[keep] + 1 - alpha)

    return acos(nuclear_cosine(parts(a), parts(b)))


def padded(x, columns):
    return np.pad(x, ((0, 0), (0, columns - x.shape[1])))


def permuted(x, y):
    width = max(x.shape[1], y.shape[1])
    x, y = padded(x, width), padded(y, width)
    rows, columns = scipy.optimize.linear_sum_assignment((x / np.abs(x).max()).T @ (y / np.abs(y).max()), maximize=True)
    return x[:, rows], y[:, columns]


def permutation_distance(a, b):
    shift = np.median(a.x) if a.d == b.d else 0  # one offset for all changes no difference of matched features
    x, y = permuted(a.x - shift, b.x - shift)
    largest = max(np.abs(x).max(), np.abs(y).max())
    return float(largest * np.linalg.norm(x / largest - y / largest))


def permutation_angle(a, b):
    x, y = permuted(a.centred, b.centred)
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    return acos(max(-1, min(1, float(np.sum(x * y) / np.linalg.norm(x) / np.linalg.norm(y)))))


def correlations(a, b):
    return scaled_columns(a.centred).T @ scaled_columns(b.centred)


def hard_match(a, b):
    c = correlations(a, b)
    return float(c[scipy.optimize.linear_sum_assignment(c, maximize=True)].mean())


def soft_match(a, b):
    c = correlations(a, b)
    return float((c.max(axis=0).mean() + c.max(axis=1).mean()) / 2)


def soft_matching(a, b):
    """Optimal transport between features of equal weight, as a linear programme."""
    c = correlations(a, b)
    rows, columns = c.shape
    if rows * columns > 3000:
        return None
    constraints = np.zeros((rows + columns, rows * columns))
    for i, j in itertools.product(range(rows), range(columns)):
        constraints[i, i * columns + j] = 1
        constraints[rows + j, i * columns + j] = 1
    masses = np.concatenate([np.full(rows, 1 / rows), np.full(columns, 1 / columns)])
    plan = scipy.optimize.linprog(-c.ravel(), A_eq=constraints, b_eq=masses, method="highs")
    live = sum((np.abs(side.centred).max(axis=0) > 0).mean() for side in (a, b))  # a dead feature has the length 0
    return sqrt(max(0, live + 2 * plan.fun))


def aligned_cosine(a, b):
    def scaled(side):
        return narrowed(side.x / np.abs(side.x).max())

    x, y = scaled(a), scaled(b)
    u, _, v = np.linalg.svd(x.T @ y, full_matrices=False)
    x = x @ u @ v
    return float(np.mean(np.sum(x * y, axis=1) / np.linalg.norm(scaled(a), axis=1) / np.linalg.norm(y, axis=1)))


def eigenspace_overlap(a, b):
    bases = [basis(scaled_columns(side.x), scaled_columns(side.x))[0] for side in (a, b)]
    return float(np.sum((bases[0].T @ bases[1]) ** 2) / max(a.d, b.d))


def rsm_norm(a, b, order):
    x, y = (square(side.distances("euclidean"), side.n) for side in (a, b))
    largest = max(x.max(), y.max())
    return float(largest * np.linalg.norm((x - y) / largest, order))


def mean_norm(side):
    mean = [Fraction(int(v), side.n) * side.scale for v in side.whole.sum(axis=0)]
    squares = sum(v * v for v in mean)
    shift = Fraction(2) ** (2 * ((squares.numerator.bit_length() - squares.denominator.bit_length()) // 2)) if squares else 1
    return sqrt(squares / shift) * sqrt(shift)


def uniformity(side, t=2):
    squared = side.distances("squared-euclidean")
    return log((side.n + 2 * fsum(exp(-t * v) for v in squared)) / side.n**2)


def concentricity(side):
    whole_mean = side.whole.sum(axis=0)
    dots, squares = side.whole.dot(whole_mean), int((whole_mean * whole_mean).sum())
    return fsum(
        np.sign(int(d)) * sqrt(Fraction(int(d) ** 2, int(side.gram[i, i]) * squares)) for i, d in enumerate(dots)
    ) / side.n


def ridge_predictivity(predicted, predictor, ridge):
    """R squared of inputs that were left out, one at a time, by fitting without each of them."""
    x = predictor.centred / np.abs(predictor.centred).max()
    y = predicted.centred / np.abs(predicted.centred).max()
    penalty = ridge * np.sum(x**2)
    missed = spread = 0.0
    for i in range(len(x)):
        rest = np.arange(len(x)) != i
        x_mean, y_mean = x[rest].mean(axis=0), y[rest].mean(axis=0)
        xs, ys = x[rest] - x_mean, y[rest] - y_mean
        if x.shape[1] <= len(x):
            weights = np.linalg.solve(xs.T @ xs + penalty * np.eye(x.shape[1]), xs.T @ ys)
        else:
            weights = xs.T @ np.linalg.solve(xs @ xs.T + penalty * np.eye(len(xs)), ys)
        missed += np.sum((y[i] - y_mean - (x[i] - x_mean) @ weights) ** 2)
        spread += np.sum((y[i] - y_mean) ** 2)
    return float(1 - missed / spread)


def jensen_shannon(a, b):
    p, q = (scipy.special.softmax(side.x, axis=1) for side in (a, b))
    middle = (p + q) / 2
    divergence = scipy.special.rel_entr(p, middle).sum(axis=1) + scipy.special.rel_entr(q, middle).sum(axis=1)
    return float(np.clip(divergence / 2 / log(2), 0, 1).mean())


def java_random(key):
    """The numbers of java.util.Random as a function of a bound."""
    state = (key ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def bits():
        nonlocal state
        state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
        return state >> 17

    def below(bound):
        if bound & (bound - 1) == 0:
            return (bound * bits()) >> 31
        while True:
            drawn = bits()
            if drawn - drawn % bound + bound - 1 < 1 << 31:
                return drawn % bound

    return below


def mixed(value):
    value &= MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def choice(seed, number, count, size):
    """What KeyedRandom.choice draws."""
    key = seed
    for one in (-2, number):
        key = mixed(mixed(key) + 0x9E3779B97F4A7C15 * (one + 1))
    below = java_random(key)
    numbers = list(range(size))
    for i in range(count):
        other = i + below(size - i)
        numbers[i], numbers[other] = numbers[other], numbers[i]
    return sorted(numbers[:count])


def intrinsic_distance(a, b, k):
    def kept(side):
        graph = np.zeros((side.n, side.n))
        for i, nearest in enumerate(neighbours(side, "euclidean", k)):
            graph[i, nearest] = graph[nearest, i] = 1
        degrees = graph.sum(axis=1)
        spectrum = np.linalg.eigvalsh(np.eye(side.n) - graph / np.sqrt(np.outer(degrees, degrees)))
        return np.exp(-np.outer(times, spectrum)).mean(axis=1)

    times = np.logspace(-1, 1, 256)
    return float(1e6 * np.max(np.exp(-2 * (times + 1 / times)) * np.abs(kept(a) - kept(b))))


def topology_divergence(a, b, batch, trials):
    """The H1 bars of the doubled graph, as in the published code."""
    if min(a.n, batch) > 100:
        return None

    def one_way(first, second):
        n = len(first)
        doubled = np.zeros((2 * n, 2 * n))
        doubled[n:, :n], doubled[:n, n:], doubled[n:, n:] = first, first.T, np.minimum(first, second)
        tree = gudhi.RipsComplex(distance_matrix=doubled).create_simplex_tree(max_dimension=2)
        tree.compute_persistence(homology_coeff_field=2)
        bars = tree.persistence_intervals_in_dimension(1)
        return fsum(end - start for start, end in bars)

    def both_ways(rows):
        sides = [square(side.distances("euclidean"), side.n)[np.ix_(rows, rows)] for side in (a, b)]
        units = [np.quantile(side, 0.9) for side in sides]
        if min(units) == 0:
            raise ZeroDivisionError
        x, y = (side / unit for side, unit in zip(sides, units))
        return (one_way(x, y) + one_way(y, x)) / 2

    if a.n <= batch:
        return both_ways(np.arange(a.n))
    return fsum(both_ways(choice(0, trial, batch, a.n)) for trial in range(trials)) / trials


def measures(a, b):
    yield "linear-cka", lambda: linear_cka(a, b)
    yield "linear-cka-debiased", lambda: debiased_linear_cka(a, b)
    yield "angular-cka", lambda: acos(min(1, linear_cka(a, b)))
    yield from rsa(a, b)
    yield from of_neighbours(a, b)
    yield "rbf-cka", lambda: rbf_cka(a, b, 1, False)
    yield "rbf-cka?estimator=debiased", lambda: rbf_cka(a, b, 1, True)
    yield "rbf-cka?fraction=0.5", lambda: rbf_cka(a, b, 0.5, False)
    yield "distance-correlation", lambda: distance_correlation(a, b)
    yield "cca", lambda: float(canonical(a, b).mean())
    yield "cca?summary=first", lambda: float(canonical(a, b).max())
    yield "svcca", lambda: svcca(a, b)
    yield "pwcca", lambda: pwcca(a, b) if span(a).shape[1] + span(b).shape[1] < a.n else None
    yield "linear-regression", lambda: explained(a, b)
    yield "linear-regression?predict=second", lambda: explained(b, a)
    yield "ridge-predictivity", lambda: ridge_predictivity(a, b, 0.01)
    yield "gulp", lambda: gulp(a, b, 0.01)
    yield "gulp?lambda=0", lambda: gulp(a, b, 0)
    yield "procrustes", lambda: sqrt(2 - 2 * nuclear_cosine(a.centred, b.centred))
    yield "procrustes-angular", lambda: acos(nuclear_cosine(a.centred, b.centred))
    yield "procrustes-size-and-shape", lambda: size_and_shape(a, b)
    yield "procrustes-permutation", lambda: permutation_distance(a, b)
    yield "procrustes-permutation?distance=angular", lambda: permutation_angle(a, b)
    yield "procrustes-whitened", lambda: whitened_shape(a, b, 0.5)
    yield "bures", lambda: nuclear_cosine(a.centred, b.centred)
    yield "hard-correlation-match", lambda: hard_match(a, b)
    yield "soft-correlation-match", lambda: soft_match(a, b)
    yield "soft-matching", lambda: soft_matching(a, b)
    yield "aligned-cosine", lambda: aligned_cosine(a, b)
    yield "eigenspace-overlap", lambda: eigenspace_overlap(a, b)
    yield "rsm-norm-difference", lambda: rsm_norm(a, b, "fro")
    yield "rsm-norm-difference?norm=spectral", lambda: rsm_norm(a, b, 2)
    yield "magnitude-difference", lambda: abs(mean_norm(a) - mean_norm(b))
    yield "uniformity-difference", lambda: abs(uniformity(a) - uniformity(b))
    yield "concentricity-difference", lambda: abs(concentricity(a) - concentricity(b))
    yield "imd", lambda: intrinsic_distance(a, b, 5)
    yield "imd?k=3", lambda: intrinsic_distance(a, b, 3)
    yield "rtd", lambda: topology_divergence(a, b, 500, 10)
    yield "rtd?batch=16&trials=3", lambda: topology_divergence(a, b, 16, 3)
    if a.d == b.d:
        yield "disagreement", lambda: float(np.mean(a.x.argmax(axis=1) != b.x.argmax(axis=1)))
        yield "jensen-shannon", lambda: jensen_shannon(a, b)


def main():
    lines = ["kind,measure,value"]
    for kind, (x, y) in kinds().items():
        a, b = Exact(x), Exact(y)
        for measure, value in measures(a, b):
            try:
                result = value()
            except ZeroDivisionError:
                lines.append(f"{kind},{measure},undefined")
                continue
            if result is not None:
                lines.append(f"{kind},{measure},{result!r}")
        print(kind, flush=True)
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
