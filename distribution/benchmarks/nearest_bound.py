"""How much nearer to its seed could an invariant input be than the one that a search found?

    stir invert MODEL --inputs DATA --limit 40 --optimizer thorough --seed constant:0.5 --out FOLDER
    python distribution/benchmarks/nearest_bound.py [INPUTS] FOLDER...

Prints a table with a row for each folder. With the whole Jacobian J at an invariant input x', found from the seed s:

- tangent t: the length of what is left of the way back, s - x', where J lets nothing change and no pixel leaves the box from
  its bound. To first order a point of the same representation is at most way - sqrt(way^2 - t^2) nearer: 0 at a local minimum.
- the bound: that share of the way. Of a unit that is a ReLU and off, J sees nothing, so that it is too high where one is.
- with the tolerance: how much nearer the nearest point of the linear model is, which may be as far from the target as the
  tolerance allows, in the box.
- by the search: the same as the search's own passes tell of it (moved_at_least), without a whole Jacobian; of a ReLU that is the
  layer they see the gradient of a fake one.
- really: how much nearer the network lets a point come. Steps go to that point of the model, halved until Gauss-Newton
  corrections bring the residual back within the tolerance (or within what it was) and the way is shorter. For the first INPUTS
  that were found (default: all).

Takes the seeds constant:VALUE, black, white, and an array in a file. For networks whose modules follow one another, and those of
the demo; needs torch and numpy."""
import csv
import json
import sys

import numpy as np
import torch

import stuck_inputs

STEPS, HALVINGS, CORRECTIONS, ENOUGH = 20, 10, 6, 5e-4


def nearest(rows, residual, point, to, tolerance, low, high):
    """The point of the box nearest to another one where the linear model at a third is within the tolerance: by Newton's steps up
    the dual function, whose maximiser's pixels are those of to - J'multipliers, clamped."""
    scale = rows.square().sum() / len(rows)
    unit = torch.eye(len(rows), dtype=rows.dtype)
    multipliers = torch.zeros_like(residual)

    def value(multipliers):
        reached = torch.minimum(torch.maximum(to - rows.T @ multipliers, low), high)
        left = residual + rows @ (reached - point)
        size = multipliers.norm()
        return (reached - to).square().sum() / 2 + multipliers @ left - tolerance * size, reached, left, size

    now, reached, left, size = value(multipliers)
    if tolerance > 0:  # not smooth at 0: the first step is the steepest one
        if left.norm() <= tolerance:
            return reached
        up = left / left.norm()
        multipliers = (left.norm() - tolerance) / (rows.T @ up).square().sum() * up
        now, reached, left, size = value(multipliers)
    for _ in range(60):
        free = rows[:, (reached > low) & (reached < high)]
        curvature = free @ free.T + 1e-9 * scale * unit
        slope = left
        if tolerance > 0:
            way = multipliers / size
            slope = left - tolerance * way
            curvature = curvature + tolerance / size * (unit - torch.outer(way, way))
        ahead = torch.linalg.solve(curvature, slope)
        length, gain = 1.0, slope @ ahead
        if gain < 1e-14:
            break
        while length > 1e-4:
            after = value(multipliers + length * ahead)
            if after[0] >= now + 1e-4 * length * gain:
                break
            length /= 2
        else:
            break
        multipliers = multipliers + length * ahead
        now, reached, left, size = after
    return reached


class Problem:
    """An input's target at the layer, and residuals relative to its length."""

    def __init__(self, network, layer, image):
        self.network, self.layer, self.shape = network, layer, image[None].shape
        self.target = stuck_inputs.representation(network, image[None].float(), layer)[0].detach().double()

    def residual(self, point):
        with torch.no_grad():
            found = stuck_inputs.representation(self.network, point.float().view(self.shape), self.layer)[0]
        return (found.double() - self.target) / self.target.norm()

    def jacobian(self, point):
        return stuck_inputs.jacobian(self.network, point.float().view(self.shape), self.layer)[0].double() / self.target.norm()


def corrected(problem, point, rows, allowed):
    """The point brought back within what is allowed, by steps that are as short as can be; or none."""
    residual = problem.residual(point)
    for correction in range(CORRECTIONS):
        if residual.norm() <= allowed:
            return point
        if correction > 0:  # the step's own model may do once
            rows = problem.jacobian(point)
        after = nearest(rows, residual, point, point, 0.99 * allowed, torch.zeros_like(point), torch.ones_like(point))
        left = problem.residual(after)
        if left.norm() > 0.5 * residual.norm() and correction > 0:
            return None
        if left.norm() < residual.norm():
            point, residual = after, left
    return point if residual.norm() <= allowed else None


def shortened(problem, point, seed, tolerance):
    """The nearest point that steps from this one reach, and how many did."""
    allowed = max(tolerance, float(problem.residual(point).norm()))
    length = 1.0
    for step in range(STEPS):
        rows, way = problem.jacobian(point), (point - seed).norm()
        aim = nearest(rows, problem.residual(point), point, seed, allowed, torch.zeros_like(point), torch.ones_like(point))
        length = min(1.0, 4 * length)
        for _ in range(HALVINGS):
            after = corrected(problem, point + length * (aim - point), rows, allowed)
            if after is not None and (after - seed).norm() < way:
                break
            length /= 2
        else:
            return point, step
        point = after
        if (after - seed).norm() > (1 - ENOUGH) * way:
            return point, step + 1
    return point, STEPS


def seeds(settings, images):
    kind, _, value = settings["seed"].partition(":")
    constants = {"constant": value, "black": 0, "white": 1}
    if kind in constants:
        return torch.full_like(images, float(constants[kind]))
    return torch.tensor(np.load(settings["seed"])[:len(images)]).to(images).view_as(images)


def measure(folder, most):
    with open(folder + "/result.json") as file:
        found = json.load(file)
    network = torch.jit.load(found["file"]).eval()
    for weight in network.parameters():
        weight.requires_grad_(False)
    images = torch.tensor(np.load(folder + "/inputs.npy")).double()
    points = torch.tensor(np.load(folder + "/invariant.npy")).double()
    starts = seeds(found["settings"], images)
    with open(folder + "/rows.csv", newline="") as file:
        table = [[float(row[name] or "nan") for name in ("residual", "moved", "moved_at_least")] for row in csv.DictReader(file)]
    tolerance, outcome = found["settings"]["tolerance"], []
    for image, point, seed, (stated, moved, least) in zip(images, points, starts, table):
        if stated > tolerance * 1.001:
            continue
        problem = Problem(network, found["layer"], image)
        point, seed = point.flatten(), seed.flatten()
        residual, way = problem.residual(point), (point - seed).norm()
        if abs(residual.norm() - stated) > 1e-4 or abs(way - moved) > 1e-3 * moved:
            raise SystemExit(f"{folder}: residual {residual.norm():.6f} and way {way:.4f} here, {stated:.6f} and {moved:.4f} there")
        rows = problem.jacobian(point)
        endless = torch.full_like(point, torch.inf)
        low, high = torch.where(point <= 0, 0, -endless), torch.where(point >= 1, 1, endless)
        back = nearest(rows, torch.zeros_like(residual), point, seed, 0, low, high)
        tangent = (back - point).norm()
        allowed = max(tolerance, float(residual.norm()))
        linear = nearest(rows, residual, point, seed, allowed, torch.zeros_like(point), torch.ones_like(point))
        if most is None or len(outcome) < most:
            reached, steps = shortened(problem, point, seed, tolerance)
        else:
            reached, steps = torch.full_like(point, torch.nan), torch.nan
        outcome.append([float(value) for value in (
            way, tangent / way, 100 * (1 - (1 - (tangent / way) ** 2).clamp_min(0).sqrt()),
            100 * (1 - (linear - seed).norm() / way), 100 * (1 - least / moved), 100 * (1 - (reached - seed).norm() / way), steps)])
        print(f"{folder}: " + " ".join("%.4g" % value for value in outcome[-1]), file=sys.stderr, flush=True)
    return np.array(outcome), len(table)


def main(arguments):
    most = int(arguments[0]) if arguments[0].isdigit() else None
    folders = arguments[most is not None:]
    print("| network | found | way | t / way: mean, max | bound: median, mean, max | with the tolerance | by the search | tried | really | steps |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for folder in folders:
        outcome, count = measure(folder, most)
        three = ["%.2f, %.2f, %.2f %%" % (np.nanmedian(column), np.nanmean(column), np.nanmax(column)) for column in outcome[:, 2:6].T]
        print("| %s | %d of %d | %.2f | %.3f, %.3f | %s | %s | %s | %d | %s | %.1f |" % (
            folder.rstrip("/").split("/")[-1], len(outcome), count, outcome[:, 0].mean(), outcome[:, 1].mean(), outcome[:, 1].max(),
            *three[:3], np.isfinite(outcome[:, 6]).sum(), three[3], np.nanmean(outcome[:, 6])), flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1:])
