// Classical multidimensional scaling: points in the plane whose distances are like given ones.

/** The eigenvalues and eigenvectors of a symmetric matrix, largest value first, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5). */
function eigen(matrix) {
  const a = matrix.map((row) => [...row]);
  const count = a.length;
  const vectors = a.map((_, i) => a.map((_, j) => Number(i === j))); // in rows
  const total = Math.hypot(...a.flat());
  for (let sweep = 0; sweep < 60; sweep++) {
    let rest = 0;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        rest = Math.max(rest, Math.abs(a[p][q]));
        if (Math.abs(a[p][q]) > 1e-15 * total) {
          rotate(a, vectors, p, q);
        }
      }
    }
    if (rest <= 1e-14 * total) {
      break;
    }
  }
  return vectors.map((vector, i) => ({ value: a[i][i], vector })).sort((one, other) => other.value - one.value);
}

/** Turns rows and columns p and q so that the element between them becomes 0. */
function rotate(a, vectors, p, q) {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) {
    [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
  }
  for (const rows of [a, vectors]) {
    const [first, second] = [rows[p], rows[q]];
    rows[p] = first.map((x, i) => c * x - s * second[i]);
    rows[q] = first.map((x, i) => s * x + c * second[i]);
  }
}

/**
 * Points in the plane of the two largest positive eigenvalues; an axis without one is 0. `share` is the share of these two among the positive
 * eigenvalues, and `negative` that of the negative ones among all in size: distances of no points in any space have some.
 */
function plane(between) {
  const count = between.length;
  const squares = between.map((row) => row.map((value) => value * value));
  const means = squares.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
  const mean = means.reduce((sum, value) => sum + value, 0) / count;
  const found = eigen(squares.map((row, i) => row.map((value, j) => -0.5 * (value - means[i] - means[j] + mean))));
  const sum = (values) => values.reduce((all, { value }) => all + Math.abs(value), 0);
  const positive = found.filter(({ value }) => value > 1e-12);
  const axes = positive.slice(0, 2);
  const all = sum(found);
  return {
    points: between.map((_, i) => [0, 1].map((at) => (at < axes.length ? axes[at].vector[i] * Math.sqrt(axes[at].value) : 0))),
    share: positive.length ? sum(axes) / sum(positive) : 1,
    negative: all > 0 ? sum(found.filter(({ value }) => value < 0)) / all : 0,
  };
}
