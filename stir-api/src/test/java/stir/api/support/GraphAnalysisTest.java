package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.FakeRelu;
import stir.api.support.NetworkGraph.Kind;
import stir.api.support.NetworkGraph.Operator;

/** Graphs in one line: values with the operators that compute them, {@code y=DENSE(x)}. */
class GraphAnalysisTest {
    private static GraphAnalysis<String> of(String graph) {
        var operators = new HashMap<String, Operator<String>>();
        for (var line : graph.split(" ", -1)) {
            var parts = line.split("[=()]", -1);
            var inputs = parts[2].isEmpty() ? List.<String>of() : List.of(parts[2].split("\\+"));
            operators.put(parts[0], new Operator<>(Kind.valueOf(parts[1]), inputs));
        }
        return new GraphAnalysis<>(value -> Optional.ofNullable(operators.get(value)));
    }

    @ParameterizedTest
    @CsvSource({
        "a=HIDDEN(x) y=DENSE(a), a",
        "a=HIDDEN(x) b=IDENTITY(a) c=DENSE(b) d=BIAS(c) y=PROBABILITIES(d), a",
        "y=DENSE(x), none",
        "a=HIDDEN(x) b=DENSE(a) y=MEAN(b), none",
        "a=RELU(x) b=PIXEL_CONVOLUTION(a) c=RELU(b) d=MEAN(c) y=RESHAPE(d), a",
        "a=RELU(x) b=CONVOLUTION(a) y=PROBABILITIES(b), a",
        "a=RELU(x) y=CONVOLUTION(a), none",
        "a=HIDDEN(x) b=DENSE(a) c=DENSE(a) d=COMBINATION(b+c) y=COMBINATION(d), a",
        "a=HIDDEN(x) b=HIDDEN(a) c=DENSE(a) d=DENSE(b) y=COMBINATION(c+d), none",
        "a=HIDDEN(x) b=HIDDEN(a) c=DENSE(a) d=DENSE(b) e=COMBINATION(c+d) y=MEAN(e), none",
        "a=HIDDEN(x) b=DENSE(a) c=COMBINATION(a+b) y=MEAN(c), y",
        "a=HIDDEN(x) b=IDENTITY(a) c=CHOICE(a+b) y=DENSE(c), a",
        "a=HIDDEN(x) b=DENSE(a) c=PROBABILITIES(b) y=CHOICE(b+c), a",
        "a=HIDDEN(x) b=SELECTION(a) y=RESHAPE(b), y",
        "a=CONVOLUTION(x) y=RELU6(a), y",
        "a=MEAN(x) b=RESHAPE(a) c=PIXEL_CONVOLUTION(b) d=BIAS(c) e=RESHAPE(d) y=DENSE(e), b",
        "a=POOLING(x) b=IDENTITY(a) c=PIXEL_CONVOLUTION(b) e=RESHAPE(c) y=DENSE(e), a",
        "a=MEAN(x) b=PIXEL_CONVOLUTION(a) c=HIDDEN(b) y=DENSE(c), c",
        "a=RELU(x) b=PIXEL_CONVOLUTION(a) c=RESHAPE(b) y=DENSE(c), c",
        "a=MEAN(x) b=DENSE(a) y=DENSE(b), b",
        "a=OTHER(x) y=COMBINATION(a), none"
    })
    void theValueThatIsMeasuredByDefault(String graph, String expected) {
        var measured = of(graph).measured(List.of("y")).map(GraphAnalysis.Measured::value);
        assertEquals(expected, measured.orElse("none"));
    }

    @Test
    void outputsNextToClassesDoNotCount() {
        var graph = of("a=HIDDEN(x) b=DENSE(a) c=HIDDEN(a) d=DENSE(c)");
        assertEquals("a", graph.measured(List.of("b", "a")).orElseThrow().value());
        assertEquals(
                Optional.of("b"), graph.measured(List.of("b")).orElseThrow().classifier());
        assertEquals(Optional.empty(), graph.measured(List.of("b", "d")));
        assertEquals(Optional.empty(), graph.measured(List.of("a", "c")), "two hidden layers");
    }

    @Test
    void choicesInARowAreFollowedOnce() {
        var before = choices("a", "IDENTITY");
        var after = choices("c", "BIAS");
        var lookups = new AtomicInteger();
        var graph = of("a0=HIDDEN(x) " + before + " c0=DENSE(a60) " + after).graph();
        var counted = new GraphAnalysis<String>(value -> {
            lookups.incrementAndGet();
            return graph.producer(value);
        });
        assertEquals("a0", counted.measured(List.of("c60")).orElseThrow().value());
        assertTrue(lookups.get() < 2000, lookups + " lookups in a graph of 242 operators");
    }

    /** Returns sixty choices in a row between a value and what an operator makes of it. */
    private static String choices(String name, String operator) {
        return IntStream.range(0, 60)
                .mapToObj(i -> "%1$s%2$d'=%4$s(%1$s%2$d) %1$s%3$d=CHOICE(%1$s%2$d'+%1$s%2$d)"
                        .formatted(name, i, i + 1, operator))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aNameIsThatOfTheSameElementsInTheSameOrder() {
        var graph = of("a=MEAN(x) b=RESHAPE(a) c=IDENTITY(b) d=TRANSPOSITION(c)");
        var names = Map.of("a", "pool");
        assertEquals(Optional.of("pool"), graph.name("c", v -> Optional.ofNullable(names.get(v))));
        assertEquals(Optional.empty(), graph.name("d", v -> Optional.ofNullable(names.get(v))));
    }

    @ParameterizedTest
    @CsvSource({
        "y=RELU(x), OF_LAYER BEFORE_LAYER LEAKY EXTENDED",
        "a=RELU(x) b=RESHAPE(a) y=TRANSPOSITION(b), OF_LAYER BEFORE_LAYER LEAKY EXTENDED",
        "a=RELU(x) y=POOLING(a), BEFORE_LAYER LEAKY",
        "a=RELU(x) b=IDENTITY(a) y=MEAN(b), BEFORE_LAYER LEAKY EXTENDED",
        "a=RELU6(x) b=MEAN(a) y=RESHAPE(b), LEAKY EXTENDED",
        "a=RELU(x) b=TRANSPOSITION(a) y=MEAN(b), BEFORE_LAYER LEAKY",
        "a=RELU(x) y=DENSE(a), ''"
    })
    void theReluThatPassesGradients(String graph, String wanted) {
        var found = Arrays.stream(FakeRelu.values())
                .filter(each -> of(graph).relu("y", each).isPresent())
                .map(FakeRelu::name)
                .collect(Collectors.joining(" "));
        assertEquals(wanted, found);
    }
}
