"""Live modules of PyTorch, and the mistakes that users made with them."""

import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import stir_java as stir
from stir_java import _process

torch = pytest.importorskip("torch")

FAST = {"optimizer": "fast", "iterations": 3}
PHOTOS = np.random.default_rng(7).random((8, 3, 16, 16), dtype=np.float32)
IMAGES = torch.from_numpy(PHOTOS)


class Encoder(torch.nn.Module):
    """A network without a classifier."""

    def __init__(self, channels=3, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.c1 = torch.nn.Conv2d(channels, 6, 3, stride=2)
        self.c2 = torch.nn.Conv2d(6, 8, 3, stride=2)

    def forward(self, x):
        return torch.relu(self.c2(torch.relu(self.c1(x)))).mean((2, 3))


class Net(Encoder):
    """A network with a classifier."""

    def __init__(self, channels=3, seed=0):
        super().__init__(channels, seed)
        self.fc = torch.nn.Linear(8, 5)

    def forward(self, x):
        return self.fc(super().forward(x))


class Branch(Net):
    def forward(self, x):
        return super().forward(x * 2 if x.mean() > 0.3 else x)


class Broken(Net):
    def forward(self, x):
        raise KeyError("my own mistake")


class Noisy(Net):
    def forward(self, x):
        return super().forward(torch.nn.functional.dropout(x, 0.5))


class TwoHeads(Net):
    def __init__(self):
        super().__init__()
        self.other, self.head = torch.nn.Linear(8, 8), torch.nn.Linear(8, 5)

    def forward(self, x):
        z = Encoder.forward(self, x)
        return self.fc(z), self.head(torch.relu(self.other(z)))


class Masked(Net):
    def forward(self, x, mask):
        return super().forward(x * mask)


class Averaged(TwoHeads):
    def forward(self, x):
        one, other = super().forward(x)
        return (one + other) / 2


class Normalised(Net):
    def forward(self, x):
        return torch.nn.functional.normalize(super().forward(x), dim=1)


class Projected(Encoder):
    """An encoder that ends with a linear layer."""

    def __init__(self):
        super().__init__()
        self.projector = torch.nn.Sequential(torch.nn.Linear(8, 6), torch.nn.Linear(6, 4))

    def forward(self, x):
        return self.projector(super().forward(x))


class Chosen(Net):
    def forward(self, x):
        return super().forward(x).argmax(1)


class OnGpu(Net):
    """A network whose weights are reported to be on a GPU."""

    def parameters(self, recurse=True):
        for each in super().parameters(recurse):
            each = torch.nn.Parameter(each)
            place = property(lambda _: torch.device("cuda:0"))
            each.__class__ = type("Parameter", (torch.nn.Parameter,), {"device": place})
            yield each


class Sum(Net):
    def forward(self, x):
        return super().forward(x).sum()


class Named(Net):
    """A network that calls its layers by keyword, and returns more than its values."""

    def forward(self, x):
        return None, self.fc(input=Encoder.forward(self, x))


class Wrapped:
    def __init__(self, values):
        self.values = values


class Object(Net):
    def forward(self, x):
        return Wrapped(super().forward(x))


class OfBatch(Net):
    def forward(self, x):
        return super().forward(torch.nn.functional.batch_norm(x, None, None, training=True))


def direct(network, images):
    with torch.no_grad():
        return network.eval()(torch.as_tensor(images)).numpy()


def close(found, expected):
    return np.linalg.norm(found - expected) <= 1e-5 * np.linalg.norm(expected)


def test_the_output_of_an_encoder_is_its_default_layer():
    encoder = Encoder()
    assert close(stir.represent(encoder, PHOTOS), direct(encoder, PHOTOS))
    found = stir.score(encoder, Net(seed=1), PHOTOS, **FAST)
    assert re.search(r"ignores\?\s+.*STIR -?[01]\.\d\d", repr(found))
    inner = stir.represent(encoder, PHOTOS, "c1")
    assert close(inner, encoder.c1(IMAGES).detach().numpy())
    (default,) = [each for each in stir.layers(encoder, (3, 16, 16)) if each.is_default]
    assert default.shape == (8,)


def test_an_output_of_functions_is_the_default_layer_and_listed():
    network = Normalised()
    (output,) = [each for each in stir.layers(network, (3, 16, 16)) if each.is_default]
    assert (output.kind, output.shape) == ("Output", (5,))
    for check in (True, False):
        assert close(stir.represent(network, PHOTOS, check=check), direct(network, PHOTOS))
    (averaged,) = [each for each in stir.layers(Averaged(), (3, 16, 16)) if each.kind == "Output"]
    assert not averaged.is_default


def test_a_projection_is_warned_of_and_measured_when_it_is_named():
    network = Projected()
    with pytest.warns(stir.StirWarning, match='before its last layer: layer="projector.1" adds'):
        found = stir.represent(network, PHOTOS)
    assert found.shape == (8, 6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        named = stir.represent(network, PHOTOS, "projector.1")
    assert close(named, direct(network, PHOTOS))


def test_traced_and_scripted_modules_are_saved_as_they_are():
    torch.manual_seed(0)
    conv, flat = torch.nn.Conv2d(3, 4, 3), torch.nn.Flatten()
    network = torch.nn.Sequential(conv, torch.nn.ReLU(), flat, torch.nn.Linear(784, 5))
    expected = network[:-1](IMAGES).detach().numpy()
    for module in (torch.jit.script(network.train()), torch.jit.trace(network.eval(), IMAGES)):
        assert close(stir.represent(module, PHOTOS), expected)


def test_layers_are_compared_however_they_are_called():
    network = Named()
    assert close(stir.represent(network, PHOTOS), Encoder.forward(network, IMAGES).detach().numpy())


def test_gradients_are_checked_once_and_not_for_representations(monkeypatch):
    lines = []
    run = _process.run

    def recorded(image, arguments, *others):
        lines.append(arguments)
        return run(image, arguments, *others)

    monkeypatch.setattr(_process, "run", recorded)

    def checks():
        found = ["--no-gradients" in line for line in lines if line[0] == "check"]
        lines.clear()
        return found

    stir.represent(Net(), PHOTOS)
    assert checks() == [True]
    stir.invert(Net(), PHOTOS, **FAST)
    assert checks() == [False]
    stir.invert(Net(), PHOTOS * 0.9, **FAST)
    assert checks() == [True]
    stir.invert(Net(), PHOTOS * 0.9, **FAST)
    assert checks() == []


def test_timm_encoders_are_measured_at_their_output():
    timm = pytest.importorskip("timm")
    images = np.random.default_rng(3).random((3, 3, 64, 64), dtype=np.float32)
    for name, options in (("resnet10t", {}), ("test_vit", {"img_size": 64}), ("test_convnext", {})):
        network = timm.create_model(name, pretrained=False, num_classes=0, **options)
        found = stir.represent(network, images, normalise="none")
        assert close(found, direct(network, images)), name
        normalised = stir.represent(network, images, normalise="model")
        cfg = network.pretrained_cfg
        mean, std = (np.array(cfg[key], np.float32)[:, None, None] for key in ("mean", "std"))
        assert close(normalised, direct(network, (images - mean) / std)), name
        with pytest.warns(stir.StirWarning, match='add normalise="model"'):
            stir.represent(network, images)


def test_the_export_is_compared_with_the_module():
    with pytest.raises(stir.StirError, match=r"another function at .* has the norm .* branch"):
        stir.represent(Branch(), PHOTOS * 0.4)
    bright = PHOTOS * 0.1 + 0.9
    assert stir.represent(Branch(), bright).shape == (8, 8)
    assert stir.represent(Branch(), PHOTOS * 0.4, check=False).shape == (8, 8)


def test_a_check_names_arguments_of_python():
    (problem,) = stir.check(TwoHeads(), (3, 16, 16), quick=True)["problems"]
    assert "layer=" in problem and "--" not in problem
    assert stir.check(TwoHeads(), (3, 16, 16), quick=True, layer="c2")["problems"] == []


@pytest.mark.parametrize("network", [TwoHeads(), Averaged()], ids=["two outputs", "their mean"])
def test_two_heads_are_refused_with_names(network):
    with pytest.raises(stir.StirLayerError, match=r"No layer before the classifier .*fc"):
        stir.represent(network, PHOTOS)
    assert stir.represent(network, PHOTOS, "c2").shape[0] == 8


@pytest.mark.parametrize(
    "given",
    [
        torch.utils.data.DataLoader(torch.utils.data.TensorDataset(IMAGES), batch_size=3),
        torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(IMAGES, torch.arange(8)), batch_size=3
        ),
        torch.utils.data.TensorDataset(IMAGES),
        list(IMAGES),
        [IMAGES, torch.arange(8)],
        (PHOTOS, np.arange(8)),
        (each for each in IMAGES),
        torch.utils.data.DataLoader(
            torch.utils.data.TensorDataset(IMAGES),
            batch_sampler=torch.utils.data.BatchSampler(
                torch.utils.data.SequentialSampler(IMAGES), 3, False
            ),
        ),
        IMAGES.split(3),
        PHOTOS.astype(np.float64),
        PHOTOS.transpose(0, 2, 3, 1),
    ],
    ids=[
        "loader",
        "labelled loader",
        "dataset",
        "list of tensors",
        "batch of a loader",
        "pair",
        "generator",
        "loader with a sampler",
        "batches",
        "float64",
        "NHWC",
    ],
)
def test_inputs_of_every_kind_are_the_same_inputs(given):
    network = Net()
    assert close(stir.represent(network, given, "fc", limit=8), direct(network, PHOTOS))


def test_pillow_and_bytes_and_grey():
    image = pytest.importorskip("PIL.Image")
    pixels = (PHOTOS * 255).astype(np.uint8)
    network = Net()
    expected = direct(network, pixels / np.float32(255))
    pictures = [image.fromarray(each.transpose(1, 2, 0)) for each in pixels]
    assert close(stir.represent(network, pictures, "fc"), expected)
    assert close(stir.represent(network, pixels, "fc"), expected)
    grey = Net(channels=1)
    assert close(stir.represent(grey, PHOTOS[:, 0], "fc"), direct(grey, PHOTOS[:, :1]))
    coloured = direct(network, np.repeat(PHOTOS[:, :1], 3, axis=1))
    assert close(stir.represent(network, PHOTOS[:, 0], "fc"), coloured)
    deep = [image.fromarray((each[0] * 65535).astype(np.uint16)) for each in PHOTOS]
    assert np.abs(stir.represent(network, deep, "fc", check=False) - coloured).max() < 1e-3


@pytest.mark.parametrize("kind", [torch.float64, torch.float16, torch.bfloat16])
def test_other_precisions_are_computed_in_single_precision(kind):
    network = Net().to(kind)
    with pytest.warns(stir.StirWarning, match="is computed in single precision"):
        found = stir.represent(network, PHOTOS, "fc")
    assert next(network.parameters()).dtype == kind
    assert close(found, direct(Net().to(kind).float(), PHOTOS))


def test_a_module_on_a_gpu_is_copied_unless_the_search_is_there():
    with pytest.warns(stir.StirWarning, match='is on cuda:0, but a copy .* add device="cuda"'):
        found = stir.represent(OnGpu(), PHOTOS, "fc")
    assert close(found, direct(Net(), PHOTOS))
    with warnings.catch_warnings(), pytest.raises(stir.StirError, match="cuda"):
        warnings.simplefilter("error", stir.StirWarning)
        stir.represent(OnGpu(), PHOTOS, "fc", device="cuda")


def test_wrapped_modules_are_unwrapped():
    network = Net()
    expected = direct(network, PHOTOS)
    inside = Net()
    inside.c2 = torch.compile(inside.c2)
    in_place = Net()
    in_place.compile()
    for wrapped in (
        torch.nn.DataParallel(torch.compile(network)),
        torch.compile(torch.nn.DataParallel(network)),
        inside,
        in_place,
    ):
        assert close(stir.represent(wrapped, PHOTOS, "fc", check=False), expected)


def test_side_inputs_are_given_by_name():
    mask = (np.arange(8) % 2).astype(np.float32).reshape(8, 1, 1, 1)
    network = Masked()
    found = stir.represent(network, PHOTOS, "fc", input={"mask": mask})
    with torch.no_grad():
        expected = network.eval()(IMAGES, torch.from_numpy(mask)).numpy()
    assert close(found, expected)


def test_a_users_hooks_and_flags_are_untouched():
    network = Net().train()
    network.fc.eval()
    seen = []
    network.c1.register_forward_hook(lambda *_: seen.append(1))
    everywhere = torch.nn.modules.module.register_module_forward_hook(lambda *_: seen.append(2))
    stir.represent(network, PHOTOS)
    everywhere.remove()
    assert seen == [] and network.training and not network.fc.training
    network.train()(IMAGES)
    assert seen == [1]


def test_nothing_is_printed_or_warned_of_by_exporters(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stir.represent(Branch(), PHOTOS * 0.1 + 0.9, progress=False)
    assert capfd.readouterr() == ("", "")


def test_two_modules_of_one_class_have_two_names():
    found = repr(stir.score(Net(), Net(seed=1), PHOTOS, **FAST))
    assert "How much of Net survives what Net-2 ignores?" in found
    named = [stir.Model(Net(), name="first"), stir.Model(Net(seed=1), name="second")]
    found = repr(stir.score(*named, PHOTOS, **FAST))
    assert "How much of first survives what second ignores?" in found


def test_a_module_within_others_has_a_warning_without_its_normalisation():
    timm = pytest.importorskip("timm")
    transforms = pytest.importorskip("torchvision").transforms
    network = timm.create_model("resnet10t", pretrained=False, num_classes=0)
    with pytest.warns(stir.StirWarning, match='add normalise="model"'):
        stir.represent(torch.nn.Sequential(network), PHOTOS, check=False)
    whole = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.1] * 3, [0.2] * 3)])
    expected = direct(network, (PHOTOS - np.float32(0.1)) / np.float32(0.2))
    for given in ({"normalise": whole}, {"mean": torch.full((3,), 0.1), "std": [0.2] * 3}):
        assert close(stir.represent(network, PHOTOS, check=False, **given), expected)


def test_the_cache_forgets_what_can_be_made_again(cache, monkeypatch):
    found = stir.invert(Net(), PHOTOS, **FAST)
    (first,) = cache.glob("models/*")
    monkeypatch.setenv("STIR_PYTHON_CACHE_LIMIT", "0.00001")
    stir.represent(Net(seed=1), PHOTOS)
    assert first.exists() and len(list(cache.glob("models/*"))) == 2
    os.utime(first, (0, 0))
    stir.represent(Net(seed=1), PHOTOS)
    assert not first.exists() and len(list(cache.glob("models/*"))) == 1
    stir.clear_cache()
    assert not any(cache.glob("models/*")) and found.invariant.shape == (8, 3, 16, 16)


def test_a_study_takes_live_modules():
    pytest.importorskip("pandas")
    found = stir.study([Net(), Net(seed=1)], PHOTOS, search=FAST)
    assert set(re.findall(r"Net-?\d*(?=:)", str(found.matrix().index))) == {"Net", "Net-2"}
    assert re.search(
        r"4 scores: (.|\s)*<th>Net-2:fc@in</th>\s*<td>-?\d\.\d\d</td>", found._repr_html_()
    )


def test_a_study_compares_all_layers_and_takes_side_inputs():
    mask = np.ones((8, 1, 1, 1), np.float32)
    masked = stir.Model(Masked(), {"input": {"mask": mask}}, "masked")
    search = {"optimizer": "fast", "iterations": 2, "rng_seed": 3}
    found = stir.study([masked], PHOTOS, layers={"masked": ["c2", "fc"]}, search=search)
    assert {each.target_layer for each in found.directions} == {"c2", "fc"}


def one(**options):
    return lambda: stir.represent(Net(), PHOTOS, **options)


def of(images, network=None, **options):
    return lambda: stir.represent(network or Net(), images, **options)


class Unending(torch.utils.data.IterableDataset):
    def __iter__(self):
        while True:
            yield IMAGES[0]


MISTAKES = {
    "class": (of(PHOTOS, Net), TypeError, r"Net is a class: give an instance of it, as Net\(\)"),
    "number as a model": (of(PHOTOS, 3), TypeError, "A model is a path, .* not int"),
    "unknown library": (of(PHOTOS, "no/file.onnx"), ValueError, "no such library"),
    "unknown option": (one(limt=3), ValueError, "no option limt; did you mean limit"),
    "layers": (one(layers="c1"), ValueError, "no option layers"),
    "seed": (one(seed=4), ValueError, "no option seed"),
    "unknown layer": (one(layer="c9"), KeyError, r"There is no layer 'c9'.*c1"),
    "model option": (
        lambda: stir.Model(Net(), {"normalize": "imagenet"}),
        ValueError,
        "A model has no option normalize; did you mean normalise",
    ),
    "model options": (lambda: stir.Model(Net(), "imagenet"), TypeError, "are a dictionary"),
    "means": (lambda: stir.Model(Net(), {"means": [0]}), ValueError, "did you mean mean"),
    "study of an unknown network": (
        lambda: stir.study({"n0": Net()}, PHOTOS, layers={"n7": ["fc"]}),
        ValueError,
        "The study has no network n7; did you mean n0",
    ),
    "study with a string": (
        lambda: stir.study({"n0": Net()}, PHOTOS, layers={"n0": "fc"}),
        TypeError,
        r"layers\['n0'\] is a list of names: \['fc'\]",
    ),
    "study with an unknown key": (
        lambda: stir.study({"n0": Net(), "n1": Net(seed=1)}, PHOTOS, serch=FAST),
        ValueError,
        "A study has no key serch; did you mean search",
    ),
    "no normalisation": (one(normalise="model"), TypeError, "Net states no mean and std"),
    "unknown normalisation": (one(normalise="imagnet"), ValueError, "imagnet"),
    "model": (
        lambda: stir.score(Net(), Net(seed=1), PHOTOS, normalise_b="model"),
        TypeError,
        "Net-2 states no mean and std: give them as mean_b=",
    ),
    "two of one name": (
        lambda: stir.study(
            [stir.Model(Net(), name="x"), stir.Model(Net(seed=1), name="x")], PHOTOS
        ),
        ValueError,
        "Two networks are called x",
    ),
    "name": (lambda: stir.Model(Net(), name=3), TypeError, "name of a model is a text, not 3"),
    "study of a name": (lambda: stir.study("timm/x", PHOTOS), TypeError, "by name, or a list"),
    "study of a module": (lambda: stir.study(Net(), PHOTOS), TypeError, "or a list .*, not Net"),
    "study of a list of layers": (
        lambda: stir.study([Net()], PHOTOS, layers=["c1"]),
        TypeError,
        "layers are lists by network",
    ),
    "study with an unknown key of a search": (
        lambda: stir.study([Net()], PHOTOS, search={"iteratons": 3}, check=False),
        ValueError,
        "no key 'iteratons' in a search: is it 'iterations'.*rng_seed",
    ),
    "study of no layer": (
        lambda: stir.study({"n0": Net()}, PHOTOS, layers={"n0": ["q*"]}, check=False),
        KeyError,
        r"^n0: No layer matches 'q\*'",
    ),
    "layer by number": (one(layer=-1), TypeError, "layer is a name of stir.layers, .* not -1"),
    "shape below zero": (lambda: stir.layers(Net(), (3, -1, 1)), TypeError, "shape is that of one"),
    "shape": (lambda: stir.layers(Net(), 32), TypeError, "shape is that of one input, .*not 32"),
    "range": (one(range=1), TypeError, "range is a pair .*not 1"),
    "range upside down": (of(PHOTOS, range=(1, 0)), TypeError, "range is a pair .*1, 0"),
    "range of three": (one(range=(0, 1, 2)), TypeError, "range is a pair"),
    "out of range": (of(PHOTOS * 3, range=(-1, 1)), ValueError, r"outside \[-1, 1\]"),
    "reduction": (one(reduce="avg"), ValueError, "^reduce can't be avg; did you mean flatten"),
    "layout": (one(layout="nhwc"), ValueError, "layout can't be nhwc; .*channels-last"),
    "size": (one(size="big"), ValueError, "size is a number of pixels, .*\"224x160\", not 'big'"),
    "size below zero": (one(size=-1), ValueError, "size is a number of pixels, .* not -1"),
    "limit as text": (of(list(IMAGES), limit="5"), TypeError, "limit is a whole number .*not '5'"),
    "limit of none": (of(list(IMAGES), limit=-1), TypeError, "a whole number from 1 on, not -1"),
    "classes": (of(PHOTOS, Chosen()), KeyError, "No layer before the classifier .* fc"),
    "sum": (of(PHOTOS, Sum()), TypeError, "Sum returns one number: it must return .* per input"),
    "name of a file": (
        lambda: stir.score(stir.Model(__file__, name="x"), Net(), PHOTOS),
        ValueError,
        "^test_live.py keeps its name, except in a study",
    ),
    "object": (of(PHOTOS, Object()), TypeError, "Object returns Wrapped: it must return a tensor"),
    "statistics": (of(PHOTOS, OfBatch()), ValueError, "other values next to others"),
    "side input": (one(input={"mask": PHOTOS}), ValueError, "Net has no further input mask"),
    "side inputs": (of(PHOTOS, Masked(), input=PHOTOS), TypeError, "input is a dictionary"),
    "side value": (of(PHOTOS, Masked(), input={"mask": 1.0}), TypeError, "a row per input, not 1"),
    "side rows": (
        of(PHOTOS, Masked(), input={"mask": PHOTOS[:3, :1]}, check=False),
        ValueError,
        r'The array input\["mask"\]',
    ),
    "similarity": (lambda: stir.similarity(np.eye(6) * np.nan, np.eye(6)), ValueError, "array x"),
    "one image of HWC": (of(PHOTOS[0].transpose(1, 2, 0)), ValueError, r"as images\[None\]"),
    "one image of HW": (of(PHOTOS[0, 0]), ValueError, r"as images\[None\]"),
    "items": (of([{"image": IMAGES[0]}]), TypeError, r"give \[item\[key\] for item in data\]"),
    "flag": (lambda: stir.invert(Net(), PHOTOS, fake_relu=3), TypeError, "True or False, not 3"),
    "mean": (one(mean="x"), ValueError, "^mean: 'x' is not a double"),
    "two values": (one(size=[3, 4]), TypeError, "size takes one value"),
    "two limits": (one(limit=[3, 4]), TypeError, r"limit is a whole number .*not \[3, 4\]"),
    "optimizer": (
        lambda: stir.invert(Net(), PHOTOS, optimizer="adam"),
        ValueError,
        "adam.*thorough",
    ),
    "measure": (
        lambda: stir.similarity(np.eye(6), np.eye(6), "cka"),
        ValueError,
        "cka.*linear-cka",
    ),
    "unequal rows": (
        lambda: stir.similarity(np.eye(6), np.eye(5)),
        ValueError,
        "6.*5",
    ),
    "no path": (of(""), ValueError, "There are no inputs at ''"),
    "paths": (of([Path("a.png")]), TypeError, "is an image or a tensor, not PosixPath"),
    "labels": (of((PHOTOS, [1, 2])), ValueError, r"^8 inputs have labels of shape \(2,\)"),
    "no folder": (of("no/such/folder"), ValueError, "There are no inputs at no/such/folder"),
    "number": (of(3), TypeError, "not int"),
    "dictionary": (of({"x": PHOTOS}), TypeError, "not dict"),
    "strings": (of(["a.png", "b.png"]), TypeError, "is an image or a tensor, not str"),
    "empty": (of(PHOTOS[:0]), ValueError, "There are no inputs"),
    "empty list": (of([]), ValueError, "There are no inputs"),
    "one image": (of(PHOTOS[0]), ValueError, r"is one input: .*images\[None\]"),
    "unlike shapes": (of([IMAGES[0], IMAGES[0, :, :8]]), ValueError, "differ in shape"),
    "unending": (of(Unending()), ValueError, "unknown: add limit=100"),
    "unending loader": (
        of(torch.utils.data.DataLoader(Unending(), batch_size=2)),
        ValueError,
        "unknown: add limit=100",
    ),
    "generator": (of(each for each in IMAGES), ValueError, "unknown: add limit=100"),
    "int64": (of((PHOTOS * 255).astype(np.int64)), TypeError, "not int64: convert"),
    "text": (of(np.array([["a"]])), TypeError, "arrays of numbers"),
    "nan": (of(PHOTOS * np.nan), ValueError, "NaN"),
    "normalised": (of(PHOTOS * 4 - 2), ValueError, r"outside \[0, 1\].*range="),
    "bytes as floats": (of(PHOTOS * 255), ValueError, "divide bytes by 255"),
    "channels": (of(np.zeros((4, 5, 16, 16), np.float32)), RuntimeError, "channels"),
    "own exception": (of(PHOTOS, Broken()), KeyError, "^'my own mistake'$"),
    "dropout": (of(PHOTOS, Noisy()), ValueError, "other values at each pass"),
    "two inputs": (of(PHOTOS, Masked()), TypeError, r'several inputs.*input=\{"mask": array\}'),
    "meta": (of(PHOTOS, Net().to("meta")), ValueError, "on the device meta"),
    "quantised": (
        of(PHOTOS, torch.ao.quantization.quantize_dynamic(Net(), {torch.nn.Linear})),
        TypeError,
        "is quantised",
    ),
    "no size": (
        lambda: stir.check(Net()),
        ValueError,
        "size of the images is needed",
    ),
    "cache limit": (one(), ValueError, "STIR_PYTHON_CACHE_LIMIT is a number"),
}


def test_names_and_a_normalisation_for_all_channels():
    half = {"normalise": {"mean": 0.5, "std": 0.25}}
    found = stir.score(Net(), Net(seed=1), PHOTOS, name_a="one", name_b="two", **half, **FAST)
    assert "How much of one survives what two ignores?" in repr(found)
    lists = {"mean": [0.5] * 3, "std": [0.25] * 3}
    same = stir.score(Net(), Net(seed=1), PHOTOS, normalise=lists, **FAST)
    assert found.a_given_b.stir.value == same.a_given_b.stir.value


def test_images_of_one_size_need_no_size(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    folder = tmp_path / "images"
    folder.mkdir()
    for place, pixels in enumerate((PHOTOS.transpose(0, 2, 3, 1) * 255).astype(np.uint8)):
        pillow.fromarray(pixels).save(folder / f"{place}.png")
    found = stir.score(Net(), Net(seed=1), folder, **FAST)
    of_size = stir.score(Net(), Net(seed=1), folder, size=16, **FAST)
    assert found.a_given_b.stir.value == of_size.a_given_b.stir.value
    pillow.new("RGB", (20, 16)).save(folder / "wider.png")
    with pytest.raises(ValueError, match="size of the images is needed: add size=224"):
        stir.score(Net(), Net(seed=1), folder, **FAST)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_of_a_python_type(mistake, monkeypatch, tmp_path):
    call, kind, sentence = MISTAKES[mistake]
    if mistake == "cache limit":
        monkeypatch.setenv("STIR_PYTHON_CACHE_LIMIT", "ten")
    with pytest.raises(kind) as caught:
        call()
    text = str(caught.value)
    assert re.search(sentence, text, re.DOTALL), text
    if isinstance(caught.value, stir.StirError):
        assert "\n" not in text and "--" not in text and str(tmp_path) not in text, text
