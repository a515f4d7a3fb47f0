package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendProvider;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.UsageException;

/**
 * The tests that every backend passes. An author extends this class, names a small model, and runs
 * it with JUnit 5. The tests require only what {@link LayerHook} leaves to a backend, and observe
 * its rules for callers, from the shapes of batches to the order of closing.
 *
 * <p>The model should be smooth in some region of [0,1], otherwise the comparison of its gradient
 * with finite differences is weak; a network with ReLUs is fine.
 */
@Numerical
public abstract class BackendContract extends HookContract {
    @Test
    void isFoundByTheServiceLoader() {
        var found = new ArrayList<Class<?>>();
        ServiceLoader.load(BackendProvider.class, provider().getClass().getClassLoader()).stream()
                .forEach(candidate -> found.add(candidate.type()));
        assertTrue(found.contains(provider().getClass()), "not among " + found);
    }

    @Test
    void idIsShortAndLowerCase() {
        assertTrue(provider().id().matches("[a-z][a-z0-9-]{0,15}"), provider().id());
        assertEquals(provider().id(), provider().id());
        assertFalse(provider().description().isBlank());
    }

    @Test
    void recognisesItsModelAndNothingElse(@TempDir Path folder) throws IOException {
        var text = Files.writeString(folder.resolve("readme.txt"), "Not a model.\n");
        var empty = Files.createFile(folder.resolve("empty"));
        assertAll(
                () -> assertEquals(Recognition.BY_CONTENT, provider().recognise(model())),
                () -> assertEquals(Recognition.NONE, provider().recognise(text)),
                () -> assertEquals(Recognition.NONE, provider().recognise(empty)),
                () -> assertEquals(Recognition.NONE, provider().recognise(folder)),
                () -> assertEquals(Recognition.NONE, provider().recognise(folder.resolve("missing"))));
    }

    @Test
    void computesOnTheCpu() {
        assertTrue(provider().devices(cache()).contains(Device.CPU));
    }

    @Test
    void refusesAMissingDevice() {
        var device = new Device(Device.Kind.CUDA, 99);
        var refusal = assertThrows(
                UsageException.class, () -> provider().open(model(), new ModelOptions(device, 1, cache(), Map.of())));
        assertOneSentence(refusal);
    }

    @Test
    void refusesAForeignFile(@TempDir Path folder) throws IOException {
        var noise = new byte[4096];
        new Random(1).nextBytes(noise);
        var file = Files.write(folder.resolve("noise.bin"), noise);
        assertOneSentence(assertThrows(DataException.class, () -> provider().open(file, options())));
    }

    @Test
    void listsLayersWithShapes() {
        try (var model = open()) {
            var layers = model.layers(inputShape());
            assertFalse(layers.isEmpty());
            for (var layer : layers) {
                assertTrue(layer.shape().isKnown(), layer.toString());
            }
            assertEquals(
                    layers.size(),
                    layers.stream().map(layer -> layer.name()).distinct().count());
            var proposed = model.defaultLayer();
            assertTrue(
                    proposed.isEmpty()
                            || layers.stream().anyMatch(layer -> layer.name().equals(proposed.get())),
                    "default " + proposed);
        }
    }

    @Test
    void refusesAnUnknownLayerAndNamesANearOne() {
        try (var model = open()) {
            var wrong = layer(model) + "x";
            var refusal = assertThrows(UsageException.class, () -> model.hook(wrong, new HookOptions(inputShape())));
            assertTrue(refusal.getMessage().contains(layer(model)), refusal.getMessage());
        }
    }

    @Test
    void reportsItsLibraryAndProcessor() {
        try (var model = open()) {
            var facts = model.runtime();
            assertEquals(facts, model.runtime());
            var library = facts.getOrDefault("library", "");
            var source = ", which RuntimeFacts.of returns; Model.runtime() returned " + facts;
            assertFalse(library.isBlank(), "`library` is missing" + source);
            assertTrue(library.matches(".*\\d+\\.\\d+.*"), "`library` has no version, such as 1.0: '" + library + "'");
            assertFalse(facts.getOrDefault("cpu", "").isBlank(), "`cpu` is missing" + source);
            assertFalse(facts.containsKey("gpu"), "`gpu` is of GPUs alone: " + facts);
        }
    }
}
