"""Makes the small archives with one peculiarity each that the tests open, and what PyTorch computes with them.

    python make_archives.py ../resources/stir/backend/djl

Needs torch 2.7. Weights are random and seeded.
"""
import glob
import sys
import warnings
from typing import Dict, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from torch.utils.mobile_optimizer import optimize_for_mobile

import make_exported
from strip_archives import strip

warnings.filterwarnings("ignore")


class Pair(nn.Module):
    """A module that returns a tuple."""

    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 1)
        self.b = nn.Conv2d(c, c, 1)

    def forward(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        return self.a(x), self.b(x)


class Named(nn.Module):
    """A module that returns a dictionary."""

    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 1)

    def forward(self, x) -> Dict[str, torch.Tensor]:
        return {"out": self.a(x), "aux": x * 2}


class Loop(nn.Module):
    """A module that calls a submodule within control flow."""

    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 1)
        self.b = nn.Conv2d(c, c, 1)
        self.n = 3

    def forward(self, x):
        if x.size(0) > 100000:
            y = self.a(x)
        else:
            y = self.b(x) + 1
        for i in range(self.n):
            y = torch.tanh(self.a(y))
        return y


class Peculiar(nn.Module):
    """Tuples, dictionaries, control flow, a module that is called twice, functions instead of modules, an in-place start."""

    def __init__(self, c=4):
        super().__init__()
        self.start = nn.ReLU(inplace=True)
        self.stem = nn.Conv2d(3, c, 3, padding=1)
        self.shared = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU())
        self.pair = Pair(c)
        self.named = Named(c)
        self.loop = Loop(c)
        self.branches = nn.ModuleDict({"left": nn.Conv2d(c, c, 1), "right": nn.Conv2d(c, c, 1)})
        self.identity = nn.Identity()
        self.unused = nn.Linear(3, 3)
        self.hidden = nn.Linear(c, 6)
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        x = self.stem(self.start(x))
        x = self.shared(x)
        x = self.shared(x)
        a, b = self.pair(x)
        x = a * b
        d = self.named(x)
        x = d["out"] + d["aux"]
        x = self.loop(x)
        x = self.branches["left"](x) + self.branches["right"](x)
        x = self.identity(x)
        pooled = F.relu(x - 0.1).mean(dim=(2, 3))
        y = F.relu(self.hidden(pooled))
        return self.head(torch.flatten(y, 1))


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        return self.fc(self.drop(F.relu(self.bn(self.conv(x))).mean((2, 3))))


class FixedRows(nn.Module):
    """A network whose number of rows tracing fixes, because len() of a tensor becomes a constant."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.flat = nn.Flatten()
        self.rows = Rows()

    def forward(self, x):
        return self.rows(torch.tanh(self.conv(x)))


class Rows(nn.Module):
    def forward(self, x):
        return x.reshape(len(x), -1)


class Detached(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.cut = Cut()
        self.fc = nn.Conv2d(4, 5, 1)

    def forward(self, x):
        return self.fc(self.cut(self.conv(x)))


class Cut(nn.Module):
    def forward(self, x):
        return x.detach() * 1.0


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        x = self.embed(x)
        return self.head(self.attention(x, x, x, need_weights=False)[0])


class TwoInputs(nn.Module):
    def forward(self, x, y):
        return x + y


class Heads(nn.Module):
    """A network that returns two classifiers' outputs, as a tuple or a dictionary."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.hidden = nn.Linear(4, 6)
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(6, 3)
        self.other = nn.Linear(6, 2)

    def forward(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        h = self.relu(self.hidden(self.conv(x).mean((2, 3))))
        return self.classifier(h), self.other(h)


class NamedHeads(Heads):
    def forward(self, x) -> Dict[str, torch.Tensor]:
        h = self.relu(self.hidden(self.conv(x).mean((2, 3))))
        return {"classes": self.classifier(h), "other": self.other(h)}


class UnlikeHeads(Heads):
    """A network whose classifiers receive different tensors."""

    def forward(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        h = self.hidden(self.conv(x).mean((2, 3)))
        return self.classifier(self.relu(h)), self.other(h)


class Encoder(nn.Module):
    """A network without a classifier."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return torch.relu(self.conv(x)).mean((2, 3))


class Squeezing(nn.Module):
    """A network whose classifier is a convolution of one pixel, with a ReLU and pooling after it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
        self.classifier = nn.Sequential(nn.Conv2d(4, 3, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


class Marking(nn.Module):
    """A network whose classifier is a convolution of several pixels that computes a probability at each."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
        self.classifier = nn.Conv2d(4, 1, 3)

    def forward(self, x):
        return torch.sigmoid(self.classifier(self.features(x))).squeeze(1)


class Choosing(nn.Module):
    """A network whose classifier is called in the branch that a parameter's default selects, after one that selects dropout."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.relu = nn.ReLU()
        self.classifier = nn.Linear(4, 3)
        self.drop_rate = 0.1

    def head(self, x, features: bool = False):
        h = self.relu(x).mean((2, 3))
        if self.drop_rate > 0.0:
            h = F.dropout(h, self.drop_rate, self.training)
        return h if features else self.classifier(h)

    def forward(self, x):
        return self.head(self.conv(x))


class Recurrent(nn.Module):
    """A network of sequences whose recurrent modules return tuples, of which it uses one element each."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 8, batch_first=True)
        self.gru = nn.GRU(8, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        outputs, _ = self.lstm(x)
        _, state = self.gru(outputs)
        return self.head(state[-1])


class Tied(nn.Module):
    """A network with a module that has two paths, and with a weight that two modules have."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Linear(8, 8)
        self.act = nn.ReLU()
        self.block = nn.Sequential(self.embedding, self.act)
        self.table = nn.Embedding(7, 8)
        self.head = nn.Linear(8, 7, bias=False)
        self.head.weight = self.table.weight

    def forward(self, x):
        return self.head(self.block(self.act(self.embedding(x))))


class Shared(nn.Module):
    """A network whose first layer is called twice under each of two paths, the last time under the first."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.block = nn.Sequential(self.first, nn.ReLU())
        self.head = nn.Linear(8, 7)

    def forward(self, x):
        return self.head(self.first(self.block(self.block(self.first(x)))))


class Tokens(nn.Module):
    """A network that takes the ids of tokens."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(7, 8)
        self.head = nn.Linear(8, 3)

    def forward(self, ids):
        return self.head(self.table(ids).mean(1))


class Half(nn.Module):
    """A network that names its data type: half precision, if it is converted to that. Its GELU is a later operator's."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        x = F.gelu(self.bn(self.conv(x)), approximate="tanh").to(self.fc.weight.dtype)
        ones = torch.ones(5, dtype=self.fc.weight.dtype)
        return torch.softmax(self.fc(x.mean((2, 3))) + ones, -1, dtype=self.fc.weight.dtype)


def batch_norm_statistics(module, seed):
    generator = torch.Generator().manual_seed(seed)
    for m in module.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.running_mean.copy_(torch.randn(m.running_mean.shape, generator=generator) * 0.1)
            m.running_var.copy_(torch.rand(m.running_var.shape, generator=generator) + 0.5)
    return module


def expectations(module, x, path):
    """Writes every module's outputs and first inputs, as observed by Python's hooks, as one .npz array each."""
    found = {"x": x.numpy()}
    counts = {}

    def record(name, value):
        if isinstance(value, torch.Tensor):
            found[name] = value.detach().clone().numpy()
        elif isinstance(value, dict):
            for key, item in value.items():
                record(f'{name}["{key}"]', item)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                record(f"{name}[{index}]", item)

    def hook(name):
        def call(_, inputs, output):
            k = counts.get(name, 0)
            counts[name] = k + 1
            record(name, output)
            record(f"{name}#{k}", output)

        return call

    def before(name):
        return lambda _, inputs: record(f"{name}@in", inputs[0])

    for name, m in module.named_modules():
        if name:
            m.register_forward_pre_hook(before(name))
            m.register_forward_hook(hook(name))
    module(x.clone())
    np.savez_compressed(path, **{k.replace("/", "_"): v.astype("<f4") for k, v in found.items()})


def special_exports(folder):
    """Exports networks of sequences and of tokens, in half precision, optimised, and quantised."""
    torch.manual_seed(1)
    sequence = torch.rand(2, 5, 6)
    torch.jit.script(Recurrent().eval()).save(f"{folder}/recurrent.script.pt")
    torch.jit.trace(Recurrent().eval(), sequence).save(f"{folder}/recurrent.trace.pt")
    save_program(Recurrent().eval(), sequence, f"{folder}/recurrent.pt2")
    torch.jit.trace(Tied().eval(), torch.rand(2, 4, 8)).save(f"{folder}/tied.trace.pt")
    ids = torch.zeros(2, 5, dtype=torch.long)
    torch.jit.script(Tokens().eval()).save(f"{folder}/tokens.script.pt")
    torch.jit.trace(Tokens().eval(), ids).save(f"{folder}/tokens.trace.pt")
    save_program(Tokens().eval(), ids, f"{folder}/tokens.pt2")
    image = torch.rand(2, 3, 8, 8)
    for name, other in {"half": torch.float16, "bfloat16": torch.bfloat16}.items():
        network = batch_norm_statistics(Half(), 2).eval().to(other)
        torch.jit.script(network).save(f"{folder}/{name}.script.pt")
        torch.jit.trace(network, image.to(other)).save(f"{folder}/{name}.trace.pt")
        save_program(network, image.to(other), f"{folder}/{name}.pt2")
        torch.jit.trace(network.float(), image).save(f"{folder}/{name}.single.trace.pt")
    script = torch.jit.script(Half().eval())
    torch.jit.optimize_for_inference(script).save(f"{folder}/optimised.script.pt")
    optimize_for_mobile(script).save(f"{folder}/mobile.script.pt")
    quantised = torch.ao.quantization.quantize_dynamic(Tokens().eval(), {nn.Linear}, dtype=torch.qint8)
    torch.jit.script(quantised).save(f"{folder}/quantised.script.pt")
    shared = Shared().eval()
    torch.jit.script(shared).save(f"{folder}/shared.script.pt")
    expectations(shared, torch.rand(3, 8) - 0.3, f"{folder}/shared.npz")


def encoders(folder):
    image = torch.rand(2, 3, 6, 6)
    for name, network in {"encoder": Encoder(), "unlikeheads": UnlikeHeads()}.items():
        save_program(network.eval(), image, f"{folder}/{name}.pt2")
    torch.jit.script(UnlikeHeads().eval()).save(f"{folder}/unlikeheads.script.pt")


def save_program(network, x, file):
    free = ({0: torch.export.Dim("batch", min=1, max=64)},)
    make_exported.save(torch.export.export(network, (x,), dynamic_shapes=free), file)


def main(folder):
    torch.manual_seed(0)
    with torch.no_grad():
        peculiar = batch_norm_statistics(Peculiar(), 1).eval()
        torch.jit.script(peculiar).save(f"{folder}/peculiar.script.pt")
        x = torch.rand(2, 3, 6, 6) - 0.3
        expectations(peculiar, x, f"{folder}/peculiar.npz")
        small = batch_norm_statistics(Small(), 2)
        x = torch.rand(4, 3, 8, 8)
        torch.jit.trace(small.train(), x, check_trace=False).save(f"{folder}/training.trace.pt")
        torch.jit.script(small).save(f"{folder}/training.script.pt")
        small.eval()
        torch.jit.freeze(torch.jit.script(small)).save(f"{folder}/frozen.script.pt")
        torch.save(small.state_dict(), f"{folder}/weights.pt")
        torch.save(small.state_dict(), f"{folder}/weights-legacy.pt", _use_new_zipfile_serialization=False)
        torch.jit.trace(FixedRows().eval(), torch.rand(4, 3, 8, 8)).save(f"{folder}/fixedrows.trace.pt")
        torch.jit.script(Detached().eval()).save(f"{folder}/detached.script.pt")
        attention = Attention().eval()
        torch.jit.trace(attention, torch.rand(2, 5, 8)).save(f"{folder}/attention.trace.pt")
        torch.jit.script(attention).save(f"{folder}/attention.script.pt")
        torch.jit.script(TwoInputs()).save(f"{folder}/twoinputs.script.pt")
        image = torch.rand(2, 3, 6, 6)
        heads = {"heads": Heads(), "namedheads": NamedHeads(), "squeezing": Squeezing()}
        heads.update(choosing=Choosing(), marking=Marking())
        for name, network in heads.items():
            torch.jit.script(network.eval()).save(f"{folder}/{name}.script.pt")
            torch.jit.trace(network.eval(), image, strict=False).save(f"{folder}/{name}.trace.pt")
        special_exports(folder)
        encoders(folder)
    for archive in glob.glob(f"{folder}/*.script.pt") + glob.glob(f"{folder}/*.trace.pt"):
        strip(archive)  # debug records name this machine's folders


if __name__ == "__main__":
    main(sys.argv[1])
