"""Writes maps between golden matrices that ridge regression fits, for RidgeRegressionTest.

    python ridge_references.py > ../resources/golden/ridge.csv

Needs numpy. The map is fitted on the even rows and predicts the odd ones. A line is a pair of matrices, the direction, the
chosen ridge, and the index and the predicted values of a row. Each ridge's error is the generalised cross-validation of Golub,
Heath and Wahba 1979, from the matrix H that maps the observed values to the fitted ones, written out.
"""
import pathlib

import numpy as np

GOLDEN = pathlib.Path(__file__).parent / "../resources/golden"
RIDGES = 10.0 ** np.arange(1, -6.5, -0.5)  # of the largest squared singular value


def matrix(name):
    return np.loadtxt(GOLDEN / f"{name}.csv", delimiter=",", ndmin=2)


def coefficients(x, ridge):
    """The matrix that maps the observed values of centred rows to the coefficients."""
    return np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T)


def error(x, y, ridge):
    n = len(x)
    h = np.full((n, n), 1 / n) + x @ coefficients(x, ridge)
    return np.sum((y - h @ y) ** 2) / (n - np.trace(h)) ** 2


def main():
    for pair in "ABCD":
        both = {"X": matrix(pair + "_X"), "Y": matrix(pair + "_Y")}
        for source, goal in ("XY", "YX"):
            x, y = both[source], both[goal]
            mean, offset = x[::2].mean(0), y[::2].mean(0)
            centred = x[::2] - mean
            scale = np.linalg.norm(centred, 2) ** 2
            ridge = min(RIDGES, key=lambda one: error(centred, y[::2], one * scale))  # the first, and largest, of equal ones
            predicted = (x[1::2] - mean) @ coefficients(centred, ridge * scale) @ (y[::2] - offset) + offset
            for row in range(2):
                print(pair, source + goal, repr(float(ridge)), row, *(repr(float(value)) for value in predicted[row, :6]), sep=",")


main()
