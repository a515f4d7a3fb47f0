package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.HookOptions;

/** What DJL is told while libtorch loads does not hold for a program that embeds Stir. */
class LoadingPropertiesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"ai.djl.offline", "OPT_OUT_TRACKING", "ENGINE_CACHE_DIR", "jna.noclasspath"})
    void anOpenModelLeavesNoProperty(String name) {
        try (var model = Fixture.open("vgg0.script.pt")) {
            model.hook("flatten", HookOptions.withoutGradients(Fixture.DIGIT)).close();
            assertNull(System.getProperty(name));
        }
    }

    @Test
    void aPropertyOfTheUserStays() {
        var name = "stir.test.property";
        System.setProperty(name, "own");
        try {
            try (var properties = new LoadingProperties()) {
                properties.set(name, "other");
                assertEquals("own", System.getProperty(name));
            }
            assertEquals("own", System.getProperty(name));
        } finally {
            System.clearProperty(name);
        }
    }
}
