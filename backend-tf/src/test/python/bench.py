"""Times Python's tf.function for comparison with Stir, on the same models, threads and batches.

    python bench.py FOLDER THREADS [NAME ...]
    mvn -pl backend-tf -am verify -Dtest=SpeedTest -Dsurefire.failIfNoSpecifiedTests=false -Dstir.tf.speed=FOLDER

Writes models with random weights, unless they are there, and FOLDER/NAME.python.txt: batch, threads, layer, and the
minimum and the median time and the mean processor time of a pass (distances and gradients) in milliseconds. The second
command adds its own and writes FOLDER/speed.md. Run both in one session.
"""

import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import keras
from keras import layers as L

OUT, THREADS = sys.argv[1], int(sys.argv[2])
tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(1)
PASSES = {"small": 60}


def small():
    image = keras.Input((32, 32, 3), name="image")
    x = image
    for k, c in enumerate((32, 64, 128)):
        x = L.Conv2D(c, 3, padding="same", use_bias=False, name=f"conv{k}")(x)
        x = L.BatchNormalization(name=f"bn{k}")(x)
        x = L.ReLU(name=f"relu{k}")(x)
        x = L.MaxPooling2D(2, name=f"pool{k}")(x)
    return keras.Model(image, L.Flatten(name="flat")(x), name="small")


def application(f):
    return lambda: f(weights=None, include_top=False, pooling="avg", input_shape=(96, 96, 3))


A = keras.applications
MODELS = {
    "small": (small, 100), "resnet50": (application(A.ResNet50), 8), "mobilenetv2": (application(A.MobileNetV2), 8),
    "efficientnetb0": (application(A.EfficientNetB0), 8), "densenet121": (application(A.DenseNet121), 8),
}

os.makedirs(OUT, exist_ok=True)
for name in sys.argv[3:] or MODELS:
    build, batch = MODELS[name]
    keras.utils.set_random_seed(3)
    model = build()
    if not os.path.exists(os.path.join(OUT, name)):
        model.export(os.path.join(OUT, name), verbose=False)
    rng = np.random.default_rng(0)
    x, xp = [tf.constant(rng.uniform(0, 1, (batch,) + model.input.shape[1:]).astype("float32")) for _ in range(2)]

    @tf.function
    def distance(xp, target):
        with tf.GradientTape() as tape:
            tape.watch(xp)
            difference = tf.reshape(model(xp, training=False) - target, (tf.shape(xp)[0], -1))
            distances = tf.norm(difference, axis=1)
            total = tf.reduce_sum(distances)
        return distances, tape.gradient(total, xp)

    target = model(x, training=False)
    times = []
    for i in range(-3, PASSES.get(name, 20)):
        if i == 0:
            cpu = time.process_time()
        start = time.perf_counter()
        distances, gradient = distance(tf.constant(xp.numpy()), target)
        distances.numpy(), gradient.numpy()
        if i >= 0:
            times.append(1e3 * (time.perf_counter() - start))
    cpu = 1e3 * (time.process_time() - cpu) / len(times)
    line = f"{batch} {THREADS} {model.layers[-1].name} {min(times):.2f} {np.median(times):.2f} {cpu:.2f}"
    with open(os.path.join(OUT, name + ".python.txt"), "w") as f:
        f.write(line + "\n")
    print(name, line, flush=True)
