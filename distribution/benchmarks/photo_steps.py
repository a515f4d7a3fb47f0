#!/usr/bin/env python3
"""Repeats the steps of long searches of photos in PyTorch, and shows at which units their residual is left.

    python photo_steps.py FOLDER [--photos N] [--iterations N] [--dead own|nearest|extended] [--rows K] [--ageing A]
                          [--radius STEPS] [--attraction B] [--attracting SHARE] [--changes L] [--identity MU]

EfficientNet-Lite0 with its ImageNet weights, before the classifier, at 224 pixels, from super-noise seeds. FOLDER has
photos, which become squares. Units that are off at all positions have their own gradient (none), that of their position
nearest to being on, or are extended: their value is then the negative value of that position, so that both the residual and
the gradient of the steps are those of one function. The printed residual is always the network's own. --radius has the
first trust radius as 4/STEPS of the diagonal, --attracting the share of the search after which the attraction has fallen to 0
(constant without it). With --changes the last L changes of the residual whiten it before it is pulled back; --identity is the
weight of the identity against their covariance of the mean diagonal 1. One thread. Needs what photos.py needs.
"""

import argparse
import pathlib

import numpy
import torch
from PIL import Image
from photos import efficientnet_lite, middle, resized

SIZE, LEVELS, WEIGHT = 224, 4, 8
FIRST_RIDGE, LAST_RIDGE, LAST_RADIUS = 0.1, 0.01, 0.2


def halvings():
    size = SIZE
    for _ in range(LEVELS):
        half = torch.zeros(size // 2, size)
        for row in range(size // 2):
            for at, share in zip(range(2 * row - 1, 2 * row + 3), (1 / 8, 3 / 8, 3 / 8, 1 / 8)):
                half[row, min(max(at, 0), size - 1)] += share
        yield half
        size //= 2


def metric(image, halves):
    """The pyramid: P = I + 8 D' P D."""
    if not halves:
        return image
    half = halves[0]
    return image + WEIGHT * (half.T @ metric(half @ image @ half.T, halves[1:]) @ half)


class Rows:
    """The remembered rows of one photo: cotangents and their pullbacks, scaled to g'P g = 1."""

    def __init__(self, capacity, ageing, units, size):
        self.capacity, self.ageing = capacity, ageing
        self.cotangents, self.gradients = torch.zeros(capacity, units), torch.zeros(capacity, size)
        self.products, self.noise = numpy.zeros((capacity, capacity)), numpy.zeros(capacity)
        self.count, self.newest, self.before = 0, capacity - 1, None

    def add(self, point, residual, cotangent, gradient, direction):
        if self.before is not None:
            move, change = point - self.before[0], residual - self.before[1]
            squares = float(move @ move)
            if squares > 0:
                errors = self.cotangents[: self.count] @ change - self.gradients[: self.count] @ move
                self.noise[: self.count] += errors.double().numpy() ** 2 / squares
        self.before = point.clone(), residual.clone()
        length = float(gradient @ direction) ** 0.5
        if not length > 0:
            return
        self.newest, self.count = (self.newest + 1) % self.capacity, min(self.capacity, self.count + 1)
        self.cotangents[self.newest], self.gradients[self.newest] = cotangent / length, gradient / length
        self.noise[self.newest] = 0
        products = (self.gradients[: self.count] @ (direction / length)).numpy()
        self.products[self.newest, : self.count] = self.products[: self.count, self.newest] = products

    def step(self, residual, wish, ridge):
        """G'y of equation (2), before P."""
        ages = (self.newest - numpy.arange(self.count)) % self.capacity
        ridges = ridge * self.ageing**ages + self.noise[: self.count]
        wanted = -self.cotangents[: self.count] @ residual - self.gradients[: self.count] @ wish
        system = self.products[: self.count, : self.count] + numpy.diag(ridges)
        return torch.from_numpy(numpy.linalg.solve(system, wanted.double().numpy())).float() @ self.gradients[: self.count]


class Changes:
    """The last changes of one photo's residual, which whiten it: equation (3)."""

    def __init__(self, capacity, identity):
        self.capacity, self.identity, self.changes, self.before = capacity, identity, [], None

    def whitened(self, residual):
        if self.before is not None and self.capacity:
            change = residual - self.before
            self.changes = [*self.changes, change / change.norm()][-self.capacity :]
        self.before = residual
        if not self.changes:
            return residual
        known = torch.stack(self.changes)
        damping = self.identity * len(known) / len(residual) * torch.eye(len(known))
        return residual - known.T @ torch.linalg.solve(known @ known.T + damping, known @ residual)


def search(network, photos, options):
    before_relu = []
    network._bn1.register_forward_hook(lambda module, inputs, output: before_relu.append(output))

    def units(images):
        before_relu.clear()
        network(images * 2 - 1)
        return before_relu[0].flatten(2)

    def pooled(values):
        return torch.nn.functional.relu6(values).mean(2)

    with torch.no_grad():
        target = pooled(units(photos))
    seeds = torch.randn(photos.shape, generator=torch.Generator().manual_seed(0)).clamp(0, 1)
    halves, points = list(halvings()), seeds.clone()
    rows = [Rows(options.rows, options.ageing, target.shape[1], photos[0].numel()) for _ in photos]
    memories = [Changes(options.changes, options.identity) for _ in photos]
    for step in range(options.iterations + 1):
        done = step / options.iterations
        images = points.clone().requires_grad_(True)
        values = units(images)
        own = pooled(values)
        if step % 100 == 0 or step == options.iterations:
            report(step + 1, values.detach(), own.detach() - target, target, (points - seeds).flatten(1).norm(dim=1))
        if step == options.iterations:
            return
        nearest = values.max(2)[0]
        off = (nearest <= 0) & (target > 0)
        steered = own if options.dead == "own" else torch.where(off, nearest / values.shape[2], own)
        residual = ((steered if options.dead == "extended" else own) - target).detach()
        cotangent = torch.stack([memory.whitened(each) for memory, each in zip(memories, residual)])
        (gradient,) = torch.autograd.grad(steered, images, cotangent)
        directions = metric(gradient, halves)
        radius = 4 / options.radius * photos[0].numel() ** 0.5 * (1 - done) * LAST_RADIUS**done
        attraction = options.attraction * (max(0, 1 - done / options.attracting) if options.attracting else 1)
        for photo, known in enumerate(rows):
            point = points[photo].flatten()
            known.add(point, residual[photo], cotangent[photo], gradient[photo].flatten(), directions[photo].flatten())
            wish = attraction * (seeds[photo].flatten() - point)
            combined = known.step(residual[photo], wish, FIRST_RIDGE * (LAST_RIDGE / FIRST_RIDGE) ** done)
            move = metric(combined.view(photos[0].shape), halves).flatten() + wish
            move *= min(1, radius / float(move.norm()))
            points[photo] = (point + move).clamp(0, 1).view(photos[0].shape)


def report(passes, values, residual, target, moved):
    squares = residual**2
    off, rarely = (values <= 0).all(2), (values > 0).float().mean(2) < 0.1
    shares = [float(((squares * which).sum(1) / squares.sum(1)).mean()) for which in (off, rarely, target == 0)]
    relative = residual.norm(dim=1) / target.norm(dim=1)
    print(
        f"{passes} passes: residual {relative.mean():.4f} ({', '.join(f'{value:.4f}' for value in relative)}), moved {moved.mean():.1f}, "
        "of its squares {:.0%} at units off at all positions, {:.0%} at units on at less than a tenth, {:.0%} at units off in the photo".format(*shares),
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--photos", type=int, default=2)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--dead", choices=["own", "nearest", "extended"], default="own")
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--ageing", type=float, default=1.1)
    parser.add_argument("--radius", type=float, default=150)
    parser.add_argument("--attraction", type=float, default=0.0125)
    parser.add_argument("--changes", type=int, default=0)
    parser.add_argument("--identity", type=float, default=1)
    parser.add_argument("--attracting", type=float, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = efficientnet_lite(0).eval().requires_grad_(False)
    images = [numpy.asarray(Image.open(file).convert("RGB")) for file in sorted(options.folder.iterdir())[: options.photos]]
    photos = torch.from_numpy(numpy.stack([resized(image, middle(image), SIZE) for image in images])).float() / 255
    search(network, photos, options)


if __name__ == "__main__":
    main()
