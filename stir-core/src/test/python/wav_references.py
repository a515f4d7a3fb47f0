"""Writes sounds of all sample formats, their values as scipy reads them, and a spectrum.

    python stir-core/src/test/python/wav_references.py

The files are src/test/resources/sounds/*.wav (WavFile's test), values.csv, and spectrum.csv: the levels of
scipy.signal.stft in decibels for 128 samples of a sum of two sines (the report's spectrogram).
"""

import wave
from pathlib import Path

import numpy as np
import scipy.io.wavfile
import scipy.signal

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "sounds"
RATE = 8000


def main():
    FOLDER.mkdir(exist_ok=True)
    t = np.arange(9)
    sound = 0.9 * np.sin(0.7 * t + 0.2)
    sound[3], sound[4] = -1.0, 1.0
    whole = {
        "u8": np.clip(np.round(sound * 128 + 128), 0, 255).astype(np.uint8),
        "s16": np.clip(np.round(sound * 2**15), -(2**15), 2**15 - 1).astype(np.int16),
        "s32": np.clip(np.round(sound * 2**31), -(2**31), 2**31 - 1).astype(np.int32),
        "f32": sound.astype(np.float32),
    }
    for name, samples in whole.items():
        scipy.io.wavfile.write(FOLDER / f"{name}.wav", RATE, samples)
    s24 = np.clip(np.round(sound * 2**23), -(2**23), 2**23 - 1).astype(np.int32)
    with wave.open(str(FOLDER / "s24.wav"), "wb") as out:
        out.setparams((1, 3, RATE, len(s24), "NONE", ""))
        out.writeframes(b"".join(int(one).to_bytes(3, "little", signed=True) for one in s24))
    scipy.io.wavfile.write(FOLDER / "stereo.wav", RATE, np.stack([whole["s16"], -(whole["s16"] // 2)], 1))
    scale = {"u8": 128, "s16": 2**15, "s24": 2**31, "s32": 2**31, "f32": 1}  # scipy shifts 24 bits to 32
    lines = []
    for name, most in scale.items():
        _, samples = scipy.io.wavfile.read(FOLDER / f"{name}.wav")
        values = (samples.astype(np.float64) - (128 if name == "u8" else 0)) / most
        lines.append(",".join([name] + [f"{value:.9g}" for value in values]))
    _, stereo = scipy.io.wavfile.read(FOLDER / "stereo.wav")
    lines.append(",".join(["stereo"] + [f"{value / 2**15:.9g}" for value in stereo[:, 1]]))
    (FOLDER / "values.csv").write_text("\n".join(lines) + "\n")

    n = np.arange(128)
    signal = 0.5 * np.sin(2 * np.pi * 10 * n / 128) + 0.05 * np.sin(2 * np.pi * 37.5 * n / 128 + 1)
    window = scipy.signal.get_window("hann", 128)  # periodic
    _, _, spectrum = scipy.signal.stft(signal, window=window, nperseg=128, noverlap=0, boundary=None, padded=False)
    levels = np.maximum(-80, 20 * np.log10(2 * np.abs(spectrum[:64, 0]) + 1e-12))  # a full sine has 0 dB
    (FOLDER / "spectrum.csv").write_text("\n".join(f"{level:.6f}" for level in levels) + "\n")


if __name__ == "__main__":
    main()
