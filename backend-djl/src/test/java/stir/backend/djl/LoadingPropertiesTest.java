package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.HookOptions;

/** Tests of the properties that hold while libtorch loads. */
class LoadingPropertiesTest {
    private static final String NAME = "stir.test.property";

    @AfterEach
    void removeProperty() {
        System.clearProperty(NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ai.djl.offline", "OPT_OUT_TRACKING", "jna.noclasspath"})
    void anOpenModelLeavesNoneOfThem(String name) {
        try (var model = Fixture.open("vgg0.script.pt")) {
            model.hook("flatten", HookOptions.withoutGradients(Fixture.DIGIT)).close();
            assertNull(System.getProperty(name));
        }
    }

    @Test
    void aPropertyHoldsUntilItIsClosed() {
        try (var properties = new LoadingProperties()) {
            properties.set(NAME, "stir's");
            assertEquals("stir's", System.getProperty(NAME));
        }
        assertNull(System.getProperty(NAME));
    }

    @Test
    void aPropertyOfTheUserStays() {
        System.setProperty(NAME, "own");
        try (var properties = new LoadingProperties()) {
            properties.set(NAME, "stir's");
            assertEquals("own", System.getProperty(NAME));
        }
        assertEquals("own", System.getProperty(NAME));
        System.clearProperty(NAME);
        try (var properties = new LoadingProperties()) {
            properties.set(NAME, "stir's");
            System.setProperty(NAME, "set meanwhile");
        }
        assertEquals("set meanwhile", System.getProperty(NAME));
    }

    /** The libraries of a process are unpacked once, whatever cache a later model names. */
    @Test
    void aSecondCacheReceivesNoLibraries(@TempDir Path second) {
        Fixture.open("vgg0.script.pt").close();
        PyTorch.load(second, null);
        assertFalse(Files.exists(second.resolve("pytorch")));
    }
}
