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
import stir.api.Scope;
import stir.api.StirException;
import stir.core.Stir;
import stir.core.arrays.NpyWriter;
import stir.core.examination.Examiner;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;
import stir.core.network.pass.PixelTransform;
import stir.core.progress.ProgressListener;

/**
 * Examines one export after the other, as {@code stir layers}, {@code stir represent} and {@code
 * stir check} do, in a process that starts once: {@code sweep.py} asks it.
 *
 * <p>Argument: the folder of Stir's image. Each line of standard input has the export's file, the
 * inputs' file, a file of the names that the framework knows too (a line each), a folder for
 * representations and, where there is one, another export to compare with, all separated by tabs.
 * It is answered by a line of JSON.
 */
final class Exports {
    /** Each layer is a hook of its own in both exports. */
    private static final int MOST_COMPARED = 150;

    private static final int INNER = 3;

    private final Stir stir;
    private final Examiner examiner = new Examiner(System::nanoTime, ProgressListener.SILENT);

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
                answer = exports.answer(line.split("\t"));
            } catch (StirException | OutOfMemoryError e) {
                answer = Map.of("refused", e.getMessage());
            } catch (RuntimeException e) {
                answer = Map.of("broken", e.toString());
            }
            System.out.println(json.writeValueAsString(answer));
        }
    }

    private Map<String, Object> answer(String[] asked) throws IOException {
        var spec = NetworkSpec.of(Path.of(asked[0]));
        var inputs = Inputs.open(Path.of(asked[1]));
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
            answer.put("saved", represent(network, chosen, points, Path.of(asked[3])));
            boolean compares = asked.length > 4 && layers.size() <= MOST_COMPARED;
            if (!chosen.isEmpty()) {
                var other =
                        compares
                                ? Optional.of(
                                        scope.own(stir.open(NetworkSpec.of(Path.of(asked[4])))))
                                : Optional.<Network>empty();
                examine(at(network, chosen), other, inputs, answer);
            }
        }
        return answer;
    }

    /** Inputs as the network takes them. */
    private static Batch points(Inputs inputs, Network network) {
        var pixels = inputs.read(0, inputs.count());
        var transform =
                PixelTransform.between(inputs.shape(), network.input(), network.preprocessing());
        var points = Batch.allocate(pixels.rows(), transform.modelShape());
        transform.forward(pixels, points);
        return points;
    }

    /** The same open network, at several layers. */
    private static Network at(Network network, List<String> layers) {
        return Network.of(
                network.name(),
                network.sha256(),
                network.backend(),
                network.model(),
                network.spec()
                        .withLayers(
                                layers.stream().map(name -> new SearchedLayer(name, 1)).toList()));
    }

    private void examine(
            Network network, Optional<Network> other, Inputs inputs, Map<String, Object> answer) {
        var found = examiner.examine(network, other, inputs);
        var gradients = new LinkedHashMap<String, Object>();
        found.gradients()
                .forEach(
                        (name, check) ->
                                gradients.put(
                                        name,
                                        Map.of(
                                                "error", String.valueOf(check.error()),
                                                "agrees", check.agrees())));
        answer.put("gradients", gradients);
        answer.put("problems", found.problems());
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

    /** Writes representations; the file of each layer. */
    private static Map<String, String> represent(
            Network network, List<String> layers, Batch points, Path folder) throws IOException {
        Files.createDirectories(folder);
        var files = new LinkedHashMap<String, String>();
        for (var layer : layers) {
            var options = HookOptions.withoutGradients(points.rowShape());
            try (var hook = network.model().hook(layer, options)) {
                var found = Batch.allocate(points.rows(), hook.layer().shape());
                hook.represent(points, found);
                var file = folder.resolve(files.size() + ".npy");
                Files.deleteIfExists(file);
                NpyWriter.write(file, found);
                files.put(layer, file.toString());
            }
        }
        return files;
    }
}
