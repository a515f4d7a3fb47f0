"""Writes pointwise similarities, changes of parts and matched units, for PointwiseAlignmentTest and PartChangesTest.

    python input_references.py > ../resources/golden/inputs.csv

Needs numpy and scipy. A line is a kind, a pair of golden matrices, an index and values.

- `pointwise` is equation 1 of Kolling et al. 2023: the cosine of an input's rows of both centred Gram matrices, written out;
  `pointwise2` has two rows per input.
- `component` is a principal component of X by numpy's SVD: its share of the variance, and how far the mean of each row
  and the next moves it, relative to the mean square of the differences of all pairs of rows, which are listed. `unit` is
  the same of a column.
- `match` is the column of Y that correlates most with a column of X, and the one that scipy's linear_sum_assignment gives it.
"""
import itertools
import pathlib

import numpy as np
from scipy.optimize import linear_sum_assignment

GOLDEN = pathlib.Path(__file__).parent / "../resources/golden"


def matrix(name):
    return np.loadtxt(GOLDEN / f"{name}.csv", delimiter=",", ndmin=2)


def pointwise(x, y, rows):
    x, y = x - x.mean(0), y - y.mean(0)
    k, l = x @ x.T, y @ y.T
    for i in range(0, len(x), rows):
        a, b = k[i:i + rows].ravel(), l[i:i + rows].ravel()
        yield a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def moved(x, after):
    """Of one number per row."""
    apart = np.mean([(a - b) ** 2 for a, b in itertools.combinations(x, 2)])
    return np.mean((after - x) ** 2) / apart


def main():
    for pair in "ABCD":
        x, y = matrix(pair + "_X"), matrix(pair + "_Y")
        for kind, rows in (("pointwise", 1), ("pointwise2", 2)):
            for i, value in enumerate(pointwise(x, y, rows)):
                print(kind, pair, i, repr(float(value)), sep=",")
        after = (x + np.roll(x, -1, 0)) / 2
        centred = x - x.mean(0)
        _, singular, directions = np.linalg.svd(centred, full_matrices=False)
        total = (singular ** 2).sum()
        for i in np.flatnonzero(singular > 1e-4 * singular[0])[:32]:
            share = singular[i] ** 2 / total
            print("component", pair, i, repr(float(share)), repr(float(moved(x @ directions[i], after @ directions[i]))), sep=",")
        for j in range(x.shape[1]):
            share = (centred[:, j] ** 2).sum() / total
            print("unit", pair, j, repr(float(share)), repr(float(moved(x[:, j], after[:, j]))), sep=",")
        correlations = np.corrcoef(x.T, y.T)[:x.shape[1], x.shape[1]:]
        partners = dict(zip(*linear_sum_assignment(correlations, maximize=True)))
        for j, row in enumerate(correlations):
            partner = int(partners.get(j, -1))
            values = [int(row.argmax()), repr(float(row.max())), partner, repr(float(row[partner])) if partner >= 0 else ""]
            print("match", pair, j, *values, sep=",")


main()
