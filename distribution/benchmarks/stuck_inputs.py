"""Are the inputs that a search left unfound at local minima?

    stir invert resnet0.script.pt --inputs DIGITS --limit 100 --out FOLDER
    python distribution/benchmarks/stuck_inputs.py resnet0.script.pt DIGITS FOLDER [TOLERANCE [LAYER]]

Goes on from each of them with Levenberg-Marquardt steps: the whole Jacobian at every point, the box as a constraint, a
trust region in the maximum norm, and only steps that lower the residual. At a local minimum, which may lie at a kink,
the region shrinks to nothing and the residual stays. For the networks of the demo, and adv0 of the tests; at a LAYER, for
those of small_networks.py with their inputs.npy. Needs torch and numpy."""
import sys

import numpy as np
import torch

STEPS, INNER, DAMPING = 25, 300, 1e-4


def representation(network, images, layer=None):
    """At the demo's layers; of other networks, whose modules follow one another, at the named one."""
    if layer in dict(network.named_children()):
        for name, module in network.named_children():
            images = module(images)
            if name == layer:
                return images.flatten(1)
    if layer not in (None, "classifier.relu1", "flatten"):
        sys.exit("There is no layer %s among the network's children." % layer)
    if hasattr(network, "classifier"):  # a VGG
        hidden = network.flatten(network.features(network.norm(images)))
        return network.classifier.relu1(network.classifier.fc1(hidden))
    hidden = network.relu(network.bn1(network.conv1(network.norm(images))))
    return network.flatten(network.avgpool(network.layer3(network.layer2(network.layer1(hidden)))))


def jacobian(network, images, layer=None):
    """[inputs, units, pixels]"""
    images = images.detach().requires_grad_(True)
    found = representation(network, images, layer)
    rows = [torch.autograd.grad(found[:, unit].sum(), images, retain_graph=True)[0].flatten(1)
            for unit in range(found.shape[1])]
    return torch.stack(rows, 1)


def step(jacobian, residual, images, region):
    """The least-squares step in the box and the region, by accelerated projected gradients."""
    pixels = images.flatten(1)
    low = torch.maximum(-pixels, -region[:, None])
    high = torch.minimum(1 - pixels, region[:, None])
    damping = DAMPING * torch.linalg.matrix_norm(jacobian) ** 2 / jacobian.shape[1]
    curvature = (torch.linalg.matrix_norm(jacobian, 2) ** 2 + damping)[:, None]
    found = torch.zeros_like(pixels)
    ahead, momentum = found, 1.0
    for _ in range(INNER):
        left = residual + torch.einsum("nij,nj->ni", jacobian, ahead)
        gradient = torch.einsum("nij,ni->nj", jacobian, left) + damping[:, None] * ahead
        after = torch.minimum(torch.maximum(ahead - gradient / curvature, low), high)
        grown = (1 + (1 + 4 * momentum ** 2) ** 0.5) / 2
        ahead = after + (momentum - 1) / grown * (after - found)
        found, momentum = after, grown
    return found


def read(inputs, rows):
    if inputs.endswith(".npy"):
        return np.load(inputs)[rows]
    with open(inputs, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[rows] / 255


def main(model, inputs, folder, tolerance=0.005, layer=None):
    network = torch.jit.load(model).eval()
    residuals = np.loadtxt(folder + "/rows.csv", delimiter=",", skiprows=1, usecols=1)
    rows = np.flatnonzero(residuals > tolerance * 1.001)
    images = torch.tensor(read(inputs, rows), dtype=torch.float32)
    targets = representation(network, images, layer).detach()
    norms = targets.norm(dim=1)
    points = torch.tensor(np.load(folder + "/invariant.npy")[rows]).view_as(images)
    residual = representation(network, points, layer).detach() - targets
    before = residual.norm(dim=1) / norms
    best, region = before.clone(), torch.full((len(rows),), 0.05)
    for _ in range(STEPS):
        rows_of_j = jacobian(network, points, layer)
        moved = step(rows_of_j, residual, points, region)
        expected = (residual + torch.einsum("nij,nj->ni", rows_of_j, moved)).norm(dim=1) / norms
        reached = (points + moved.view_as(points)).clamp(0, 1)
        residual_there = representation(network, reached, layer).detach() - targets
        there = residual_there.norm(dim=1) / norms
        gain = (best ** 2 - there ** 2) / (best ** 2 - expected ** 2).clamp_min(1e-12)
        region = torch.where(gain < 0.25, region * 0.4, torch.where(gain > 0.7, region * 1.7, region))
        better = there < best
        points = torch.where(better.view(-1, *[1] * (points.dim() - 1)), reached, points)
        residual = torch.where(better[:, None], residual_there, residual)
        best = torch.where(better, there, best)
    for row, was, now, size in zip(rows, before, best, region):
        print("input %3d: residual %.4f, after %d whole Jacobians %.4f, trust region %.1e" % (row, was, STEPS, now, size))
    print("mean %.4f, then %.4f; within %g: %d of %d" % (
        before.mean(), best.mean(), tolerance, (best <= tolerance).sum(), len(rows)))


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(float, sys.argv[4:5]), *sys.argv[5:6])
