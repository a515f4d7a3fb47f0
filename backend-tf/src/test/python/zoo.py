"""Writes keras.applications' families with random weights and the gradients that Python computes with them.

    python zoo.py FOLDER [NAME ...]
    mvn -pl backend-tf -am verify -Dtest=ZooTest -Dsurefire.failIfNoSpecifiedTests=false -Dstir.tf.zoo=FOLDER

The second command compares and writes FOLDER/errors.md. NAME may end in -softplus: softplus then
takes the place of the activations that have kinks. Each FOLDER/NAME.ref.npz holds x, xp and for two hooks H, one in
the middle and the last one, H.rep (of x), H.grad (of sum_i ||h(xp_i) - h(x_i)|| by xp, float32) and H.grad64 (the same with
the same weights in float64: what both should be).
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras
from keras import layers as L

OUT = sys.argv[1]
SIZE, ROWS = 96, 2
A = keras.applications
FAMILIES = {
    "ResNet50": A.ResNet50, "ResNet50V2": A.ResNet50V2, "VGG16": A.VGG16, "InceptionV3": A.InceptionV3,
    "Xception": A.Xception, "MobileNet": A.MobileNet, "MobileNetV2": A.MobileNetV2,
    "MobileNetV3Small": A.MobileNetV3Small, "MobileNetV3Large": A.MobileNetV3Large, "DenseNet121": A.DenseNet121,
    "EfficientNetB0": A.EfficientNetB0, "EfficientNetV2B0": A.EfficientNetV2B0, "NASNetMobile": A.NASNetMobile,
    "ConvNeXtTiny": A.ConvNeXtTiny,
}
SMOOTH = "-softplus"
TAKES_BYTES = ("Efficient", "ConvNeXt", "MobileNetV3")  # their own rescaling wants 0 to 255


class Positions(L.Layer):
    def build(self, shape):
        self.p = self.add_weight(shape=(1,) + tuple(shape[1:]), initializer="random_normal", name="positions")

    def call(self, x):
        return x + self.p


def vision_transformer():
    image = keras.Input((SIZE, SIZE, 3), name="image")
    d = 64
    x = L.Conv2D(d, 12, strides=12, name="patch")(image)
    x = L.Reshape((64, d), name="tokens")(x)
    x = Positions(name="positions")(x)
    for k in range(2):
        y = L.LayerNormalization(epsilon=1e-6, name=f"block{k}_norm1")(x)
        x = L.Add(name=f"block{k}_add1")([x, L.MultiHeadAttention(4, d // 4, name=f"block{k}_attention")(y, y)])
        y = L.LayerNormalization(epsilon=1e-6, name=f"block{k}_norm2")(x)
        y = L.Dense(2 * d, activation="gelu", name=f"block{k}_mlp1")(y)
        x = L.Add(name=f"block{k}_add2")([x, L.Dense(d, name=f"block{k}_mlp2")(y)])
    x = L.LayerNormalization(epsilon=1e-6, name="norm")(x)
    return keras.Model(image, L.GlobalAveragePooling1D(name="pool")(x), name="vit")


def build(name):
    if name == "VisionTransformer":
        return vision_transformer()
    if name.endswith(SMOOTH):
        model = build(name[: -len(SMOOTH)])
        for layer in model.layers:
            if isinstance(layer, L.Activation):
                layer.activation = keras.activations.softplus
        return model
    return FAMILIES[name](weights=None, include_top=False, pooling="avg", input_shape=(SIZE, SIZE, 3))


def calibrate(model, scale):
    """Sets statistics of normalisation layers that fit the data, so that values neither vanish nor explode."""
    rng = np.random.default_rng(1)
    norms = [l for l in model.layers if isinstance(l, L.BatchNormalization)]
    for l in norms:
        l.momentum = 0.0
        if l.scale:
            l.gamma.assign(rng.uniform(0.7, 1.3, l.gamma.shape))
        if l.center:
            l.beta.assign(rng.normal(0, 0.2, l.beta.shape))
    if norms:
        model((rng.uniform(0, 1, (8, SIZE, SIZE, 3)) * scale).astype("float32"), training=True)


def gradient(model, hook, x, xp):
    cut = keras.Model(model.input, model.get_layer(hook).output)

    @tf.function
    def run(x, xp):
        target = cut(x, training=False)
        with tf.GradientTape() as tape:
            tape.watch(xp)
            difference = tf.reshape(cut(xp, training=False) - target, (ROWS, -1))
            distance = tf.reduce_sum(tf.norm(difference, axis=1))
        return target, tape.gradient(distance, xp)

    target, grad = run(tf.constant(x), tf.constant(xp))
    return target.numpy(), grad.numpy()


def write(name):
    start = time.time()
    keras.backend.set_floatx("float32")
    keras.utils.set_random_seed(3)
    scale = 255.0 if name.startswith(TAKES_BYTES) else 1.0
    model = build(name)
    calibrate(model, scale)
    model.export(os.path.join(OUT, name), verbose=False)
    middle = [l.name for l in model.layers if not isinstance(l, L.InputLayer) and len(l.output.shape) >= 3]
    hooks = [middle[len(middle) // 2], model.layers[-1].name]
    rng = np.random.default_rng(0)
    x, xp = [(rng.uniform(0, 1, (ROWS, SIZE, SIZE, 3)) * scale).astype(np.float32) for _ in range(2)]
    arrays = {"x": x, "xp": xp}
    for hook in hooks:
        arrays[hook + ".rep"], arrays[hook + ".grad"] = gradient(model, hook, x, xp)
    weights = model.get_weights()
    names = [l.name for l in model.layers]
    keras.backend.clear_session()
    keras.backend.set_floatx("float64")
    exact = build(name)
    exact.set_weights(weights)
    for hook in hooks:
        layer = exact.layers[names.index(hook)].name
        arrays[hook + ".grad64"] = gradient(exact, layer, x.astype(np.float64), xp.astype(np.float64))[1]
    np.savez(os.path.join(OUT, name + ".ref.npz"), **arrays)
    keras.backend.clear_session()
    print(name, hooks, f"{time.time() - start:.0f} s", flush=True)


os.makedirs(OUT, exist_ok=True)
for name in sys.argv[2:] or [*FAMILIES, "VisionTransformer", "ResNet50-softplus", "NASNetMobile-softplus"]:
    write(name)
