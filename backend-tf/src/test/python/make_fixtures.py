"""Writes the small models of the tests and what Python's TensorFlow computes with them.

    python make_fixtures.py ../resources

Needs TensorFlow 2.18 and Keras 3; for keras2_small also tf_keras 2.18. Each NAME.ref.npz holds x, xp and for each hook
H the representations of x (H.rep) and the gradient of sum_i ||h(xp_i) - h(x_i)|| by xp (H.grad).
"""

import os
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras
from keras import layers as L
from tensorflow.core.protobuf import saved_model_pb2

OUT = sys.argv[1]
ROWS = 3


def folder(name):
    path = os.path.join(OUT, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def inputs(shape, dtype=np.float32):
    rng = np.random.default_rng(0)
    return [rng.uniform(0, 1, (ROWS,) + shape).astype(dtype) for _ in range(2)]


def reference(name, shape, functions, dtype=np.float32):
    """Writes the reference values. functions: maps a hook's name to the function that computes it."""
    x, xp = inputs(shape, dtype)
    arrays = {"x": x.astype(np.float32), "xp": xp.astype(np.float32)}
    for hook, function in functions.items():
        target = function(tf.constant(x))
        with tf.GradientTape() as tape:
            moving = tf.constant(xp)
            tape.watch(moving)
            difference = tf.reshape(function(moving) - target, (ROWS, -1))
            distance = tf.reduce_sum(tf.norm(difference, axis=1))
        arrays[hook + ".rep"] = tf.cast(target, tf.float32).numpy()
        arrays[hook + ".grad"] = tf.cast(tape.gradient(distance, moving), tf.float32).numpy()
    np.savez_compressed(os.path.join(OUT, name + ".ref.npz"), **arrays)


def shake(variables):
    """Sets statistics and offsets that differ from those of a new network."""
    rng = np.random.default_rng(1)
    for v in variables:
        noise = rng.normal(0, 0.1, v.shape).astype(np.float32)
        v.assign(v + (np.abs(noise) if "variance" in v.name else noise))


def keras3_augmented():
    """Writes layers of random augmentation, which the export leaves active, with Keras's names and with others."""
    keras.utils.set_random_seed(1)
    image = keras.Input((12, 12, 3), name="image")
    x = L.RandomFlip("horizontal", name="random_flip")(image)
    x = L.RandomRotation(0.1, name="random_rotation")(x)
    more = [L.RandomZoom(0.1, name="zoom"), L.RandomContrast(0.1, name="random_contrast"), L.GaussianNoise(0.1, name="noise")]
    x = keras.Sequential(more, name="more")(x)
    x = L.RandomTranslation(0.1, 0.1, name="moved")(x)
    x = L.Conv2D(4, 3, activation="tanh", name="conv")(x)
    x = L.GlobalAveragePooling2D(name="gap")(x)
    model = keras.Model(image, L.Dense(3, name="out")(x))
    model.export(folder("keras3_augmented"), verbose=False)
    plain = [model.get_layer("conv"), model.get_layer("gap")]
    reference("keras3_augmented", (12, 12, 3), {
        "moved": lambda x: x,
        "conv": plain[0],
        "gap": lambda x: plain[1](plain[0](x)),
    })


def keras3_small():
    keras.utils.set_random_seed(1)
    image = keras.Input((12, 12, 3), name="image")
    x = L.Rescaling(2.0, offset=-1.0, name="rescale")(image)
    x = L.Conv2D(6, 3, padding="same", name="conv2d")(x)
    x = L.Conv2D(6, 3, dilation_rate=2, padding="same", name="conv2d_1")(x)
    x = L.BatchNormalization(name="bn")(x)
    x = L.Activation("gelu", name="gelu")(x)
    inner = keras.Sequential(
        [L.DepthwiseConv2D(3, name="dw"), L.Activation("swish", name="swish")], name="encoder")
    x = inner(x)
    x = L.Dropout(0.5, name="drop")(x)
    x = L.Reshape((100, 6), name="tokens")(x)
    x = L.AveragePooling1D(4, name="fewer")(x)
    x = L.Add(name="add")([x, L.MultiHeadAttention(2, 3, name="mha")(x, x)])
    x = L.LayerNormalization(name="ln")(x)
    shared = L.Dense(6, activation="relu", name="shared")
    x = shared(shared(x))
    x = L.GlobalAveragePooling1D(name="gap")(x)
    x = L.Dense(5, name="dense")(x)
    x = L.Activation("log_softmax", name="out")(x)
    model = keras.Model(image, x, name="small")
    shake(model.variables)
    model.export(folder("keras3_small"), verbose=False)

    def cut(layer):
        return keras.Model(image, model.get_layer(layer).output)

    hooks = {h: cut(h) for h in ("conv2d", "conv2d_1", "gelu", "encoder", "mha", "gap", "out")}
    reference("keras3_small", (12, 12, 3), {h: (lambda x, m=m: m(x, training=False)) for h, m in hooks.items()})


class Block(L.Layer):
    def __init__(self, channels):
        super().__init__()
        self.conv, self.again = L.Conv2D(channels, 3, padding="same"), L.Conv2D(channels, 1)
        self.norm, self.act = L.BatchNormalization(), L.Activation("tanh")

    def call(self, x, training=False):
        return self.act(self.again(self.norm(self.conv(x), training=training)))


class Stage(L.Layer):
    def __init__(self, channels, blocks, name):
        super().__init__(name=name)
        self.blocks, self.pool = [Block(channels) for _ in range(blocks)], L.MaxPooling2D()

    def call(self, x, training=False):
        for block in self.blocks:
            x = block(x, training=training)
        return self.pool(x)


class Mixer(L.Layer):
    def __init__(self, width):
        super().__init__()
        self.first, self.dense, self.second = L.LayerNormalization(), L.Dense(width), L.LayerNormalization()

    def call(self, x):
        return self.second(x + self.dense(self.first(x)))


class Subclassed(keras.Model):
    """Layers within stages, of which the second has one block; Mixers' layers have bare names that differ by a number."""

    def __init__(self):
        super().__init__()
        self.one, self.two = Stage(3, 2, "stage1"), Stage(4, 1, "stage2")
        self.gap, self.mixers, self.head = L.GlobalAveragePooling2D(name="gap"), [Mixer(4), Mixer(4)], L.Dense(3, name="head")

    def call(self, x, training=False):
        x = self.gap(self.two(self.one(x, training=training), training=training))
        for mixer in self.mixers:
            x = mixer(x)
        return self.head(x)


def keras3_subclassed():
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    model = Subclassed()
    model(np.zeros((1, 12, 12, 3), np.float32))
    shake(model.variables)
    model.export(folder("keras3_subclassed"), verbose=False)
    path = os.path.join(OUT, "keras3_subclassed", "saved_model.pb")
    with open(path, "rb") as file:
        saved = saved_model_pb2.SavedModel.FromString(file.read())
    library = saved.meta_graphs[0].graph_def.library  # without the functions that save and restore
    kept = [f for f in library.function if "traced" not in f.signature.name]
    del library.function[:]
    library.function.extend(kept)
    with open(path, "wb") as file:
        file.write(saved.SerializeToString())
    block, mixer = model.two.blocks[0], model.mixers
    features = lambda x: model.gap(model.two(model.one(x)))
    reference("keras3_subclassed", (12, 12, 3), {
        "stage2/block_2/conv2d_4": lambda x: block.conv(model.one(x)),
        "stage2/block_2": lambda x: block(model.one(x)),
        "mixer/layer_normalization": lambda x: mixer[0].first(features(x)),
        "mixer/layer_normalization_1": lambda x: mixer[0](features(x)),
        "mixer_1/layer_normalization_2": lambda x: mixer[1].first(mixer[0](features(x))),
        "head": model,
    })


def keras2_small():
    import tf_keras as k2

    k2.utils.set_random_seed(2)
    image = k2.Input((12, 12, 3), name="image")
    encoder = k2.Sequential(
        [k2.layers.Conv2D(6, 3, padding="same", name="c1"), k2.layers.BatchNormalization(name="bn1"),
         k2.layers.ReLU(name="r1")], name="enc")
    x = encoder(image)
    x = k2.layers.Conv2D(6, 3, dilation_rate=2, name="conv2d_1")(x)
    x = k2.layers.Activation("swish", name="swish")(x)
    x = k2.layers.Dropout(0.5, name="drop")(x)
    x = k2.layers.GlobalAveragePooling2D(name="gap")(x)
    x = k2.layers.Dense(5, activation="softmax", name="probs")(x)
    model = k2.Model(image, x, name="nested")
    shake(model.variables)
    model.save(folder("keras2_small"), save_format="tf", include_optimizer=False)
    os.remove(os.path.join(OUT, "keras2_small", "keras_metadata.pb"))
    hooks = {h: k2.Model(image, model.get_layer(h).output) for h in ("conv2d_1", "gap", "probs")}
    reference("keras2_small", (12, 12, 3), {h: (lambda x, m=m: m(x, training=False)) for h, m in hooks.items()})


def tf1(name, resource):
    """Writes a network of TensorFlow 1 whose dropout depends on a learning phase, by Switch and Merge or by If."""
    v1 = tf.compat.v1
    v1.enable_control_flow_v2() if resource else v1.disable_control_flow_v2()
    path = folder(name)
    x_value, xp_value = inputs((12, 12, 3))
    arrays = {"x": x_value, "xp": xp_value}
    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(1)
        v1.get_variable_scope().set_use_resource(resource)
        x = v1.placeholder(tf.float32, (None, 12, 12, 3), name="x")
        w = v1.get_variable("w", (3, 3, 3, 4), initializer=v1.random_normal_initializer(stddev=0.3))
        b = v1.get_variable("b", (4,), initializer=v1.zeros_initializer())
        h = tf.nn.bias_add(tf.nn.conv2d(x, w, 2, "SAME"), b)
        s = [v1.get_variable(n, (4,), initializer=v1.random_uniform_initializer(0.5, 1.5)) for n in "cdef"]
        h = v1.nn.fused_batch_norm(h, *s, is_training=False)[0]
        h = tf.nn.relu(h, name="hook")
        phase = v1.placeholder_with_default(False, (), name="learning_phase")
        y = v1.cond(phase, lambda: tf.nn.dropout(h, rate=0.5), lambda: tf.identity(h) * 1.5)
        y = tf.reduce_mean(y, (1, 2), name="embedding")
        target = v1.placeholder(tf.float32, (ROWS, 4))
        inference = tf.reduce_mean(h * 1.5, (1, 2))
        gradient = v1.gradients(tf.reduce_sum(tf.norm(inference - target, axis=1)), x)[0]
        session.run(v1.global_variables_initializer())
        arrays["embedding.rep"] = session.run(y, {x: x_value})
        arrays["embedding.grad"] = session.run(gradient, {x: xp_value, target: arrays["embedding.rep"]})
        v1.saved_model.simple_save(session, path, {"x": x}, {"embedding": y})
    np.savez_compressed(os.path.join(OUT, name + ".ref.npz"), **arrays)


class Odd(tf.Module):
    """Signatures that must be refused or need care."""

    def __init__(self):
        self.w = tf.Variable(np.random.default_rng(3).normal(0, 1, (8, 4)).astype(np.float32), name="w")

    @tf.function(input_signature=[tf.TensorSpec((4, 8), tf.float32, name="four")])
    def fixed(self, four):
        return {"y": tf.tanh(tf.matmul(four, self.w))}

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string, name="png")])
    def strings(self, png):
        return {"y": tf.cast(tf.strings.length(png), tf.float32)}

    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.uint8, name="bytes")])
    def bytes(self, bytes):
        return {"y": tf.cast(bytes, tf.float32) @ self.w}

    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.float64, name="wide")])
    def double(self, wide):
        return {"y": tf.tanh(tf.matmul(wide, tf.cast(self.w, tf.float64)))}

    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.float32, name="x")])
    def sorted(self, x):
        before = tf.tanh(tf.matmul(x, self.w), name="before")
        return {"y": tf.identity(tf.math.top_k(before, 2, name="top")[0] * 2.0, name="after")}

    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.float32, name="x")])
    def looped(self, x):
        before = tf.tanh(tf.matmul(x, self.w), name="before")
        steps = tf.cast(tf.reduce_sum(before), tf.int32)
        loop = tf.while_loop(lambda i, y: i < steps, lambda i, y: (i + 1, y * 1.5), [0, before])
        return {"y": loop[1] + 1.0}

    @tf.function(input_signature=[tf.TensorSpec((None, 8), tf.float32, name="a"),
                                  tf.TensorSpec((None, 8), tf.float32, name="b")])
    def two(self, a, b):
        return {"y": a + b}


def odd():
    module = Odd()
    names = ("fixed", "strings", "bytes", "double", "sorted", "looped", "two")
    tf.saved_model.save(module, folder("odd"), signatures={n: getattr(module, n) for n in names})
    reference("odd", (8,), {
        "fixed": lambda x: tf.tanh(tf.matmul(x, module.w)),
    })


class State(tf.Module):
    """Signatures that change state or draw random numbers, and some that do so without effect."""

    def __init__(self):
        self.w = tf.Variable(np.random.default_rng(4).normal(0, 1, (4, 4)).astype(np.float32), name="w")
        self.count, self.log = [tf.Variable(tf.zeros((1, 4)), trainable=False, name=n) for n in ("count", "log")]
        self.constant = tf.constant([0.0])
        self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [1.5]), 1.0)


def state():
    """Writes a network h = tanh(x w), followed by one of these functions in each signature."""
    module = State()
    late = lambda state, h: tf.where(state > 60.0, -h, h)

    def counter(h):
        module.count.assign_add(tf.ones((1, 4)))
        return late(module.count, h)

    def slice(h):
        module.count[0, 1].assign(module.count[0, 1] + 1.0)
        return late(module.count[0, 1], h)

    def scatter(h):
        module.count.scatter_nd_add([[0, 2]], [1.0])
        return late(module.count[0, 2], h)

    def branch(h):
        tf.cond(module.count[0, 0] < 1.0, lambda: module.count.assign(tf.reduce_mean(h, 0, keepdims=True)), lambda: module.count)
        return h - module.count

    def log(h):
        module.log.assign_add(tf.reduce_mean(h, 0, keepdims=True))
        return h

    def gated(h):
        rate = tf.compat.v1.placeholder_with_default(0.0, ())
        return tf.nn.dropout(h, rate)

    functions = {
        "counter": counter, "slice": slice, "scatter": scatter, "branch": branch, "log": log, "gated": gated,
        "inplace": lambda h: late(tf.raw_ops.InplaceAdd(x=module.constant, i=[0], v=[1.0])[0], h),
        "dropout": lambda h: tf.nn.dropout(h, 0.4),
        "stateless": lambda h: tf.nn.experimental.stateless_dropout(h, 0.4, seed=[1, 2]),
        "rows": lambda h: tf.map_fn(lambda r: r - tf.reduce_mean(r), h),
        "lookup": lambda h: h * module.table.lookup(tf.constant("a")),
    }
    spec = tf.TensorSpec((None, 4), tf.float32, name="x")
    signatures = {
        n: tf.function(lambda x, f=f: {"y": tf.tanh(f(tf.tanh(x @ module.w)) @ module.w)}, input_signature=[spec])
        for n, f in functions.items()}
    tf.saved_model.save(module, folder("state"), signatures=signatures)


keras3_augmented()
keras3_small()
keras3_subclassed()
keras2_small()
tf1("tf1_reference", False)
tf1("tf1_resource", True)
odd()
state()
for name in sorted(os.listdir(OUT)):
    path = os.path.join(OUT, name)
    if os.path.isdir(path) and os.path.exists(os.path.join(path, "saved_model.pb")):
        for extra in ("assets", "fingerprint.pb"):
            target = os.path.join(path, extra)
            shutil.rmtree(target, ignore_errors=True) if os.path.isdir(target) else os.path.exists(target) and os.remove(target)
