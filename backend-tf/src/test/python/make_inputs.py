"""Makes a SavedModel of several inputs and of inputs that are not images, with TensorFlow's gradients.

usage: make_inputs.py RESOURCES

RESOURCES/inputs is a SavedModel of Keras networks with one signature per network. inputs.ref.npz holds for each NAME the
searched inputs (NAME.x), the cotangents at the layer "NAME_hidden" (NAME.c), its values (NAME.h) and the gradients by the
inputs (NAME.g), and for "masked" the side inputs (masked.mask, masked.bias).
"""

import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

ROWS = 5


def normal(name):
    return keras.initializers.RandomNormal(stddev=0.5, seed=len(name))


def dense(width, name, **more):
    return layers.Dense(width, name=name, kernel_initializer=normal(name), bias_initializer=normal(name + "b"), **more)


def ended(name, inputs, values):
    hidden = dense(4, f"{name}_hidden")(values)
    head = dense(2, f"{name}_head")(layers.Activation("tanh")(hidden))
    return keras.Model(inputs, head), keras.Model(inputs, hidden)


def masked():
    bias = keras.Input((6,), name="bias")
    x = keras.Input((5, 3), name="x")
    mask = keras.Input((5,), name="mask", dtype="int64")
    steps = keras.ops.tanh(dense(6, "masked_embed")(x) + keras.ops.expand_dims(bias, 1))
    used = keras.ops.expand_dims(keras.ops.cast(mask, "float32"), 2)
    mean = keras.ops.sum(steps * used, 1) / keras.ops.sum(used, 1)
    return ended("masked", [bias, x, mask], mean)


def shaped(name, shape, first):
    x = keras.Input(shape, name="x")
    return ended(name, x, layers.Flatten()(keras.ops.tanh(first(x))))


def networks():
    """Returns pairs of networks, whole and up to the hidden layer, with the shape of the searched input."""

    def conv(kind, width, size, name, **more):
        return kind(width, size, name=name, kernel_initializer=normal(name), **more)

    return {
        "masked": (masked(), (5, 3)),
        "sequence": (shaped("sequence", (5, 3), dense(2, "sequence_first")), (5, 3)),
        "channels": (shaped("channels", (8, 2), conv(layers.Conv1D, 3, 3, "channels_first")), (8, 2)),
        "volume": (shaped("volume", (3, 4, 3, 2), conv(layers.Conv3D, 2, 3, "volume_first", strides=2, padding="same")), (3, 4, 3, 2)),
        "wave": (shaped("wave", (12,), dense(5, "wave_first")), (12,)),
        "table": (shaped("table", (6,), dense(5, "table_first")), (6,)),
    }


def main(folder):
    module = tf.Module()
    module.weights = []
    signatures = {}
    arrays = {}
    random = np.random.default_rng(0)
    for name, ((whole, hidden), shape) in networks().items():
        module.weights += [weight.value for weight in whole.weights]
        x = tf.constant(random.random((ROWS, *shape), dtype=np.float32))
        given = {"x": x}
        if name == "masked":
            mask = (np.arange(5) < np.array([5, 3, 1, 4, 2])[:, None]).astype(np.int64)
            bias = np.linspace(-1, 1, ROWS * 6).reshape(ROWS, 6).astype(np.float32)
            given = {"bias": tf.constant(bias), "x": x, "mask": tf.constant(mask)}
            arrays["masked.bias"], arrays["masked.mask"] = bias, mask.astype(np.float32)
        specs = {key: tf.TensorSpec((None, *value.shape[1:]), value.dtype, name=key) for key, value in given.items()}

        def call(bias=None, x=None, mask=None, whole=whole):
            return {"y": whole(x if bias is None else [bias, x, mask])}

        signatures[name] = tf.function(call).get_concrete_function(**specs)
        with tf.GradientTape() as tape:
            tape.watch(x)
            found = hidden(list(given.values()) if len(given) > 1 else x)
        c = (random.random((ROWS, 4), dtype=np.float32) - 0.5).astype(np.float32)
        g = tape.gradient(found, x, output_gradients=tf.constant(c))
        for part, value in {"x": x.numpy(), "c": c, "h": found.numpy(), "g": g.numpy()}.items():
            arrays[f"{name}.{part}"] = value
    tf.saved_model.save(module, str(folder / "inputs"), signatures=signatures)
    np.savez(folder / "inputs.ref.npz", **arrays)


main(Path(sys.argv[1]))
