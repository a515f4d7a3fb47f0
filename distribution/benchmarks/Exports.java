import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Refusal;
import stir.api.Scope;
import stir.api.StirException;
import stir.core.Stir;
import stir.core.io.arrays.NpyWriter;
import stir.core.check.ExportChecker;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.network.GivenInput;
import stir.core.network.ModelInputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.PixelTransform;
import stir.core.runtime.progress.ProgressListener;

/**
 * Measures one export after the other, in a process that starts once: {@code sweep.py} asks it.
 *
 * <p>Argument: the folder of Stir's image. Each line of standard input has the export's file, the
 * inputs' file, a file of the names that the framework knows too (a line each), a folder for
 * representations and gradients and, where there is one, another export to compare with as {@code
 * stir check} does, all separated by tabs; {@code NAME=VALUE} and {@code NAME=FILE.npy} among them
 * are side inputs. It is answered by a line of JSON.
 *
 * <p>A gradient is that of the sum of {@code sin(1 + i)} times the representation's value i, which
 * is counted over all inputs.
 */
final class Exports {
    private static final int INNER = 3;

    private final Stir stir;
    private final ExportChecker checker =
            new ExportChecker(System::nanoTime, ProgressListener.SILENT);

    private Exports(Stir stir) {
        this.stir = stir;
    }

    public static void main(String[] args) throws IOException {
        var exports = new Exports(Stir.load(Path.of(args[0])));
        var json = new ObjectMapper();
        var lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            Object answer;
            try {
                answer = exports.answer(List.of(line.split("\t")));
            } catch (StirException | OutOfMemoryError e) {
                answer = Map.of("refused", e.getMessage());
            } catch (RuntimeException e) {
                answer = Map.of("broken", e.toString());
            }
            System.out.println(json.writeValueAsString(answer));
        }
    }

    private Map<String, Object> answer(List<String> words) throws IOException {
        var asked = words.stream().filter(word -> !word.contains("=")).toArray(String[]::new);
        var given = new LinkedHashMap<String, GivenInput>();
        words.stream()
                .filter(word -> word.contains("="))
                .map(word -> word.split("=", 2))
                .forEach(word -> given.put(word[0], GivenInput.parse(word[1], Path::of)));
        var sides = new ModelInputs(Optional.empty(), given);
        var spec = NetworkSpec.of(Path.of(asked[0])).withInputs(sides);
        var inputs = InputsSpec.of(Path.of(asked[1])).openUnbounded();
        var known = new HashSet<>(Files.readAllLines(Path.of(asked[2])));
        var answer = new LinkedHashMap<String, Object>();
        try (var scope = new Scope()) {
            var network = scope.own(stir.open(spec));
            var points = points(inputs, network);
            var layers = network.layers(points.rowShape());
            var first = network.model().defaultLayer();
            var chosen = chosen(layers, known, first);
            answer.put("layers", layers.size());
            answer.put("default", first.orElse(null));
            var folder = Files.createDirectories(Path.of(asked[3]));
            var saved = new LinkedHashMap<String, String>();
            for (var layer : chosen) {
                var prefix = folder.resolve(String.valueOf(saved.size()));
                measure(network, layer, points, prefix);
                saved.put(layer, prefix.toString());
            }
            answer.put("saved", saved);
            if (asked.length > 4 && !chosen.isEmpty()) {
                var other = scope.own(stir.open(NetworkSpec.of(Path.of(asked[4]))));
                compare(network.at(chosen.get(0)), other, inputs, answer);
            }
        }
        return answer;
    }

    /** Inputs as the network takes them. */
    private static Batch points(Inputs inputs, Network network) {
        var pixels = inputs.read(0, inputs.count());
        var transform =
                PixelTransform.between(inputs.shape(), network.input(), network.preprocessing());
        var points =
                network.sides()
                        .withMemory(Batch.allocate(pixels.rows(), transform.modelShape()));
        boolean unit = true;
        for (int i = 0; i < pixels.rows() * pixels.rowSize(); i++) {
            unit &= pixels.buffer().get(i) >= 0 && pixels.buffer().get(i) <= 1;
        }
        if (unit) {
            transform.forward(pixels, points);
        } else { // which forward would clip
            points.buffer().put(0, pixels.buffer(), 0, pixels.rows() * pixels.rowSize());
        }
        for (int row = 0; row < points.rows(); row++) {
            network.sides().read(row, points, row);
        }
        return points;
    }

    private void compare(
            Network network, Network other, Inputs inputs, Map<String, Object> answer) {
        var found = checker.check(network, Optional.of(other), inputs);
        answer.put("problems", found.problems().stream().map(Refusal::sentence).toList());
        var differences =
                found.differences().stream()
                        .flatMapToDouble(pair -> pair.difference().stream())
                        .summaryStatistics();
        if (differences.getCount() > 0) {
            answer.put("compared", differences.getCount());
            answer.put("apart", differences.getMax());
        }
    }

    /** The default layer and inner ones that the framework knows too. */
    private static List<String> chosen(
            List<Layer> layers, Set<String> known, Optional<String> first) {
        var names =
                layers.stream()
                        .filter(layer -> layer.obstacle().isEmpty())
                        .map(Layer::name)
                        .filter(known::contains)
                        .toList();
        var chosen = new LinkedHashSet<String>();
        first.ifPresent(chosen::add);
        for (int part = 1; part <= INNER && !names.isEmpty(); part++) {
            chosen.add(names.get(names.size() * part / (INNER + 1)));
        }
        return List.copyOf(chosen);
    }

    /** Writes an array of representations and one of gradients. */
    private static void measure(Network network, String layer, Batch points, Path prefix)
            throws IOException {
        var options = new HookOptions(points.rowShape());
        try (var hook = network.model().hook(layer, options)) {
            var found = Batch.allocate(points.rows(), hook.layer().shape());
            hook.represent(points, found);
            write(found, prefix + ".representation.npy");
            for (int i = 0; i < found.rows() * found.rowSize(); i++) {
                found.buffer().put(i, (float) Math.sin(1 + i));
            }
            var gradients = Batch.allocate(points.rows(), points.rowShape());
            hook.pullback(points, found, gradients);
            write(gradients, prefix + ".gradient.npy");
        }
    }

    private static void write(Batch batch, String name) throws IOException {
        var file = Path.of(name);
        Files.deleteIfExists(file);
        NpyWriter.write(file, batch);
    }
}
