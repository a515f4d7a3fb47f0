package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import stir.api.BackendProvider;
import stir.api.Model;
import stir.api.Shape;

/** Tests of the messages by which the contract of backends states what is missing. */
class BackendContractMessagesTest {
    /** The contract of a backend whose models report these facts, and nothing else. */
    private static final class Reporting extends BackendContract {
        private final Map<String, String> facts;

        Reporting(Map<String, String> facts) {
            this.facts = facts;
        }

        @Override
        protected BackendProvider provider() {
            var model = answering(Model.class, "runtime", facts);
            return answering(BackendProvider.class, "open", model);
        }

        private static <T> T answering(Class<T> type, String method, Object answer) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, called, arguments) -> called.getName().equals(method) ? answer : null));
        }

        @Override
        protected Path model() {
            return Path.of("model");
        }

        @Override
        protected Shape inputShape() {
            return Shape.of(1);
        }
    }

    private static String failure(Map<String, String> facts) {
        var contract = new Reporting(facts);
        var failure = assertThrows(AssertionError.class, contract::reportsItsLibraryAndProcessor);
        return Objects.requireNonNull(failure.getMessage());
    }

    @Test
    void aMissingFactIsNamedWithTheMethodThatReturnsIt() {
        var none = failure(Map.of());
        assertTrue(none.startsWith("`library` is missing, which RuntimeFacts.of returns;"), none);
        var library = failure(Map.of("library", "Linear 1.0"));
        assertTrue(library.startsWith("`cpu` is missing, which RuntimeFacts.of returns;"), library);
        assertTrue(library.contains("{library=Linear 1.0}"), library);
        var versionless = failure(Map.of("library", "Linear"));
        assertTrue(versionless.startsWith("`library` has no version, such as 1.0"), versionless);
        assertEquals(1, versionless.lines().count(), versionless);
    }
}
