import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.Stir;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;

/**
 * Opens networks one after the other in one process and prints a line before each, with its
 * number, and one with its end: {@code refused}, {@code computed} with the number of layers whose
 * values and gradients were computed, or {@code raw} with an exception that is none of Stir's. A
 * caller reads from the last number at which network the process died: {@code attributes.py}.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/benchmarks/OpenMany.java IMAGE MODEL...</pre>
 */
final class OpenMany {
    private static final int MOST_LAYERS = 4;

    private OpenMany() {}

    public static void main(String[] args) {
        var stir = Stir.load(Path.of(args[0]));
        for (int i = 1; i < args.length; i++) {
            System.out.println("opens " + (i - 1));
            System.out.println(end(stir, Path.of(args[i])).replace('\n', ' '));
        }
    }

    private static String end(Stir stir, Path model) {
        try (var network = stir.open(NetworkSpec.of(model).withThreads(1))) {
            return computed(network);
        } catch (StirException e) {
            return "refused " + e.getMessage();
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            return "raw " + e + " at " + List.of(e.getStackTrace()).stream().limit(3).toList();
        }
    }

    private static String computed(Network network) {
        var shape = network.input().shape();
        var layers = network.layers(shape).stream().filter(layer -> layer.obstacle().isEmpty());
        var few = layers.limit(MOST_LAYERS).toList();
        for (Layer layer : few) {
            passes(network, layer.name(), shape);
        }
        return String.format(Locale.ROOT, "computed %d", few.size());
    }

    private static void passes(Network network, String layer, Shape shape) {
        try (var hook = network.model().hook(layer, new HookOptions(shape, FakeRelu.BEFORE_LAYER))) {
            int rows = network.input().batch().orElse(2);
            var inputs = Batch.allocate(rows, shape);
            for (int i = 0; i < inputs.buffer().capacity(); i++) {
                inputs.buffer().put(i, i % 7 / 7f);
            }
            var values = Batch.allocate(rows, hook.layer().shape());
            hook.represent(inputs, values);
            hook.pullback(inputs, values, inputs.copy());
        }
    }
}
