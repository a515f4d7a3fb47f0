"""Makes a frozen graph of TensorFlow 1 with a switch of training, and TensorFlow's values and gradients.

usage: make_switch.py RESOURCES

RESOURCES/switch.frozen.pb takes "x" and the truth value "is_training", which decides a condition before the layer "hidden".
switch.ref.npz holds x, the cotangents c at "hidden", its values h and the gradients g by x in evaluation, and its values t in
training.
"""

import sys
from pathlib import Path

import numpy as np
import tensorflow as tf

folder = Path(sys.argv[1])
random = np.random.default_rng(1)
x, c = (random.standard_normal((5, width)).astype("float32") for width in (3, 4))
weights = [random.standard_normal(shape).astype("float32") for shape in ((3, 4), (4, 2))]
with tf.Graph().as_default() as graph, tf.compat.v1.Session() as session:
    inputs = tf.compat.v1.placeholder(tf.float32, [None, 3], name="x")
    training = tf.compat.v1.placeholder(tf.bool, name="is_training")
    wide = tf.matmul(inputs, weights[0])
    scaled = tf.cond(training, lambda: wide - tf.reduce_mean(wide, 0), lambda: wide * 0.5 + 1)
    hidden = tf.tanh(scaled, name="hidden")
    tf.matmul(hidden, weights[1], name="y")
    (folder / "switch.frozen.pb").write_bytes(graph.as_graph_def().SerializeToString())
    h, g = session.run([hidden, tf.gradients(hidden, inputs, c)[0]], {inputs: x, training: False})
    t = session.run(hidden, {inputs: x, training: True})
np.savez(folder / "switch.ref.npz", x=x, c=c, h=h, g=g, t=t)
