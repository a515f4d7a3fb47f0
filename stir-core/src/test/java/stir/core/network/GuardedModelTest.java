package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;

class GuardedModelTest {
    private static final HookOptions OPTIONS = new HookOptions(UnkindHook.INPUT);

    private final List<String> closed = new ArrayList<>();

    /** Tells when it and its hooks are closed. */
    private final class Plain implements Model {
        private final Shape shape;

        Plain() {
            this(UnkindHook.INPUT);
        }

        Plain(Shape shape) {
            this.shape = shape;
        }

        @Override
        public InputSpec input() {
            return new InputSpec("x", shape, Layout.FLAT, OptionalInt.of(3));
        }

        @Override
        public List<Layer> layers(Shape input) {
            return List.of();
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of("squares");
        }

        @Override
        public Map<String, String> runtime() {
            return Map.of("library", "Java 17");
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            return new ForwardingHook(UnkindHook.free()) {
                @Override
                public void close() {
                    closed.add(layer);
                }
            };
        }

        @Override
        public void close() {
            closed.add("model");
        }
    }

    /** A layer that is not listed is tried, where the file states the shape of the input. */
    @Test
    void layersAreCheckedAsFarAsTheShapeIsKnown() {
        var spec = NetworkSpec.of(Path.of("plain")).withLayer("unlisted");
        for (var shape : List.of(Shape.of(), Shape.of(Shape.UNKNOWN, 2))) {
            Network.of("a", "", "test", new Plain(shape), spec).checkLayers();
        }
        assertEquals(List.of(), closed);
        Network.of("a", "", "test", new Plain(), spec).checkLayers();
        assertEquals(List.of("unlisted"), closed);
    }

    @Test
    void closesItsOpenHooksFirstAndEverythingOnce() {
        var model = GuardedModel.of(new Plain());
        var early = model.hook("early", OPTIONS);
        var late = model.hook("late", OPTIONS);
        early.close();
        assertEquals(List.of("early"), closed);
        model.close();
        model.close();
        late.close();
        assertEquals(List.of("early", "late", "model"), closed);
        assertThrows(
                IllegalStateException.class,
                () -> late.represent(
                        Batch.allocate(1, UnkindHook.INPUT), Batch.allocate(1, UnkindHook.REPRESENTATION)));
    }

    @Test
    void aSampleOfUnitsIsALayerOfItsOwn() {
        try (var model = GuardedModel.of(new Plain());
                var hook = model.hook("squares@34%", OPTIONS)) {
            assertEquals(Shape.of(1), hook.layer().shape());
            hook.represent(Batch.allocate(2, UnkindHook.INPUT), Batch.allocate(2, Shape.of(1)));
        }
        assertEquals(List.of("squares", "model"), closed);
    }

    @Test
    void refusesEverythingOnceItIsClosed() {
        var model = GuardedModel.of(new Plain());
        assertEquals(Map.of("library", "Java 17"), model.runtime());
        model.close();
        assertThrows(IllegalStateException.class, () -> model.hook("early", OPTIONS));
        assertThrows(IllegalStateException.class, () -> model.layers(UnkindHook.INPUT));
        assertThrows(IllegalStateException.class, model::defaultLayer);
        assertThrows(IllegalStateException.class, model::input);
        assertThrows(IllegalStateException.class, model::runtime);
    }

    @Test
    void isNotGuardedTwice() {
        var model = GuardedModel.of(new Plain());
        assertSame(model, GuardedModel.of(model));
    }

    @Test
    void networksGuardModelsThatWereBuiltInJavaToo() {
        var spec = NetworkSpec.of(Path.of("built"));
        try (var network = Network.of("built", "", "java", new Plain(), spec);
                var hook = network.model().hook("early", OPTIONS)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> hook.represent(Batch.allocate(1, Shape.of(5)), Batch.allocate(1, UnkindHook.REPRESENTATION)));
        }
    }
}
