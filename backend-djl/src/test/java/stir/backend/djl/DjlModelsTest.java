package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.initializer.NormalInitializer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.Numerical;

import java.util.List;

/** Networks built with DJL. */
@Numerical
class DjlModelsTest {
    private static final Shape INPUT = Shape.of(2, 6, 6);
    private static final HookOptions REAL = new HookOptions(INPUT);

    private ai.djl.Model djl = network();
    private Model model = DjlModels.of(djl, INPUT);

    private static ai.djl.Model network() {
        PyTorch.load(Fixture.cache(), null);
        var branches =
                new ParallelBlock(
                        outputs ->
                                new NDList(
                                        outputs.get(0)
                                                .singletonOrThrow()
                                                .add(outputs.get(1).singletonOrThrow())));
        branches.add(convolution(4, 1)).add(convolution(4, 3));
        var inner = new SequentialBlock();
        inner.add(branches).add(Activation.reluBlock());
        var net = new SequentialBlock();
        net.add(convolution(4, 3)).add(BatchNorm.builder().build()).add(Activation.reluBlock());
        net.add(inner).add(Pool.globalAvgPool2dBlock());
        net.add(Blocks.batchFlattenBlock());
        net.add(Linear.builder().setUnits(3).build());
        net.setInitializer(new NormalInitializer(0.3f), Parameter.Type.WEIGHT);
        var djl = ai.djl.Model.newInstance("built", "PyTorch");
        djl.setBlock(net);
        net.initialize(
                djl.getNDManager(), DataType.FLOAT32, new ai.djl.ndarray.types.Shape(1, 2, 6, 6));
        return djl;
    }

    private static Conv2d convolution(int filters, int size) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new ai.djl.ndarray.types.Shape(size, size))
                .optPadding(new ai.djl.ndarray.types.Shape(size / 2, size / 2))
                .build();
    }

    @BeforeEach
    void open() {
        close();
        djl = network();
        model = DjlModels.of(djl, INPUT);
    }

    @AfterEach
    void close() {
        model.close();
        djl.close();
    }

    private String layer(String kind) {
        return model.layers(INPUT).stream()
                .filter(layer -> layer.kind().equals(kind))
                .findFirst()
                .orElseThrow()
                .name();
    }

    @Test
    void layersInOrderWithShapes() {
        var layers = model.layers(INPUT);
        assertEquals(
                List.of(
                        "Conv2d",
                        "BatchNorm",
                        "ReLU",
                        "Conv2d",
                        "Conv2d",
                        "ParallelBlock",
                        "ReLU",
                        "SequentialBlock",
                        "globalAvgPool2d",
                        "batchFlatten",
                        "Linear"),
                layers.stream().map(layer -> layer.kind()).toList());
        assertEquals(Shape.of(4, 6, 6), layers.get(0).shape());
        assertEquals(Shape.of(4), layers.get(9).shape());
        assertEquals(layers.get(9).name(), model.defaultLayer().orElse("none"));
        assertEquals(
                layers.stream().map(layer -> layer.name()).toList(),
                model.layers(Shape.of(2, Shape.UNKNOWN, 6)).stream()
                        .map(layer -> layer.name())
                        .toList());
    }

    @Test
    void everyLayerIsComputedAsListed() {
        var inputs = Fixture.noise(3, INPUT, 1);
        for (var layer : model.layers(INPUT)) {
            try (var hook = model.hook(layer.name(), REAL)) {
                assertEquals(layer, hook.layer());
                hook.represent(inputs, Batch.allocate(3, layer.shape()));
            }
        }
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        var inputs = Fixture.noise(2, INPUT, 2);
        try (var hook = model.hook(layer("BatchNorm"), REAL)) {
            var cotangents = Fixture.noise(2, hook.layer().shape(), 3);
            var gradients = Batch.allocate(2, INPUT);
            hook.pullback(inputs, cotangents, gradients);
            for (int i = 0; i < 20; i++) {
                var ahead = inputs.copy();
                ahead.set(1, i, ahead.get(1, i) + 0.1f);
                var values = Batch.allocate(2, hook.layer().shape());
                var moved = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, values);
                hook.represent(ahead, moved);
                double slope = 0; // the layer is linear in its input
                for (int j = 0; j < values.rowSize(); j++) {
                    slope += (moved.get(1, j) - values.get(1, j)) / 0.1 * cotangents.get(1, j);
                }
                assertEquals(slope, gradients.get(1, i), 1e-3 * (1 + Math.abs(slope)));
            }
        }
    }

    @Test
    void fakeRelu() {
        var inputs = Fixture.noise(3, INPUT, 4);
        var fakeOptions = new HookOptions(INPUT, FakeRelu.BEFORE_LAYER);
        var name = model.defaultLayer().orElseThrow();
        try (var fake = model.hook(name, fakeOptions);
                var real = model.hook(name, REAL);
                var before = model.hook(layer("BatchNorm"), fakeOptions);
                var relu = model.hook(layer("ReLU"), fakeOptions)) {
            assertTrue(fake.fakeRelu());
            assertFalse(real.fakeRelu());
            assertFalse(before.fakeRelu());
            assertTrue(relu.fakeRelu());
            var values = Batch.allocate(3, fake.layer().shape());
            var same = Batch.allocate(3, fake.layer().shape());
            fake.represent(inputs, values);
            real.represent(inputs, same);
            assertArrayEquals(same.toArray(), values.toArray());
            var cotangents = Fixture.noise(3, relu.layer().shape(), 5);
            var passed = Batch.allocate(3, INPUT);
            var expected = Batch.allocate(3, INPUT);
            relu.pullback(inputs, cotangents, passed);
            before.pullback(inputs, cotangents, expected);
            assertArrayEquals(expected.toArray(), passed.toArray());
        }
    }

    @Test
    void theFakeReluIsTheSelectedOne() {
        var branches = new ParallelBlock(outputs -> outputs.get(0));
        branches.add(Blocks.batchFlattenBlock()).add(Pool.globalAvgPool2dBlock());
        branches.add(Linear.builder().setUnits(3).build());
        var layers = new SequentialBlock();
        layers.add(Activation.reluBlock()).add(Dropout.builder().build());
        var net = new SequentialBlock();
        net.add(layers).add(Blocks.identityBlock()).add(branches);
        djl.setBlock(net);
        net.initialize(
                djl.getNDManager(), DataType.FLOAT32, new ai.djl.ndarray.types.Shape(1, 2, 6, 6));
        model = DjlModels.of(djl, INPUT);
        assertAll(
                () -> assertFakeRelu("ReLU", true, true),
                () -> assertFakeRelu("Dropout", true, true),
                () -> assertFakeRelu("SequentialBlock", true, true),
                () -> assertFakeRelu("identity", true, true),
                () -> assertFakeRelu("batchFlatten", true, true),
                () -> assertFakeRelu("globalAvgPool2d", false, true),
                () -> assertFakeRelu("Linear", false, false),
                () -> assertFakeRelu("ParallelBlock", false, false));
    }

    private void assertFakeRelu(String kind, boolean ofLayer, boolean beforeLayer) {
        assertEquals(false, isFakeReluInEffect(kind, FakeRelu.NONE), kind);
        assertEquals(ofLayer, isFakeReluInEffect(kind, FakeRelu.OF_LAYER), kind);
        assertEquals(beforeLayer, isFakeReluInEffect(kind, FakeRelu.BEFORE_LAYER), kind);
    }

    private boolean isFakeReluInEffect(String kind, FakeRelu wanted) {
        try (var hook = model.hook(layer(kind), new HookOptions(INPUT, wanted))) {
            return hook.fakeRelu();
        }
    }

    @Test
    void statisticsAreNotModified() {
        var inputs = Fixture.noise(8, INPUT, 6);
        try (var hook = model.hook(layer("Linear"), REAL)) {
            var targets = Fixture.noise(8, hook.layer().shape(), 7);
            var first = new double[8];
            var second = new double[8];
            hook.distance(inputs, targets, Norm.L2, first, inputs.copy());
            hook.distance(inputs, targets, Norm.L2, second, inputs.copy());
            assertArrayEquals(first, second);
        }
    }

    @Test
    void refusals() {
        var refusal = assertThrows(UsageException.class, () -> model.hook("01Conv", REAL));
        assertTrue(refusal.getMessage().contains("01Conv2d"), refusal.getMessage());
        var wrong = Shape.of(3, 6, 6);
        assertThrows(DataException.class, () -> model.layers(wrong));
        var options = new HookOptions(wrong);
        var name = layer("Linear");
        assertThrows(DataException.class, () -> model.hook(name, options));
        try (var empty = ai.djl.Model.newInstance("empty", "PyTorch")) {
            empty.setBlock(Linear.builder().setUnits(3).build());
            assertThrows(UsageException.class, () -> DjlModels.of(empty, INPUT));
        }
    }
}
