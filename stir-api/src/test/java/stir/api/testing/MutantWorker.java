package stir.api.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Shape;
import stir.api.StirException;

/**
 * A process that opens mutants of a model one after the other and prints one line per mutant.
 * {@link MutantRun} reads the lines, and detects at which mutant the process died or hung.
 */
public final class MutantWorker {
    /** The prefix of the line before a mutant is opened, with its seed. */
    static final String STARTED = "started ";

    /**
     * The prefix for a mutant that was refused in one sentence, or whose numbers core would refuse
     * as not finite.
     */
    static final String REFUSED = "refused ";

    /** The line for a mutant with finite results. */
    static final String COMPUTED = "computed ";

    /**
     * The prefix for a mutant that was neither refused properly nor gave finite numbers, with the
     * reason.
     */
    static final String FAILED = "failed ";

    /** The prefix of the last line, with the process's peak size in MiB. */
    static final String SIZE = "size ";

    /** The folder that mutants with numbers are copied to; empty if there is none. */
    private static final String KEPT = System.getProperty("stir.mutants.kept", "");

    private static final int LONGEST_SENTENCE = 900;
    private static final int LARGEST_INPUT = 1 << 20;

    private static final Pattern NOT_FOR_USERS = Pattern.compile(
            "INTERNAL ASSERT|report a bug|\\.(cpp|cc|h):|[a-z]::|java\\.|Exception|\\bnull\\b|\\{\\{node");

    /** The prefix of names in files of PyTorch's exporter. */
    private static final Pattern QUOTED = Pattern.compile("(?<!\\w)'[^']*'|\\bonnx::");

    private final BackendProvider provider;
    private final Path model;
    private final Shape shape;
    private final Path cache;

    private MutantWorker(BackendProvider provider, Path model, Shape shape, Path cache) {
        this.provider = provider;
        this.model = model;
        this.shape = shape;
        this.cache = cache;
    }

    /**
     * Opens mutants.
     *
     * @param arguments the provider's class, the model, the mutated file in it, the format, the
     *     shape of an input, the cache, the first seed, the one after the last, and the words to
     *     exchange
     */
    public static void main(String[] arguments) throws Exception {
        var provider = Class.forName(arguments[0])
                .asSubclass(BackendProvider.class)
                .getDeclaredConstructor()
                .newInstance();
        var file = Path.of(arguments[2]);
        var words = Arrays.stream(arguments[8].split(" "))
                .filter(word -> !word.isEmpty())
                .toList();
        var mutants = Mutants.of(file, Mutants.Format.valueOf(arguments[3])).withWords(words);
        var trial = new MutantWorker(provider, Path.of(arguments[1]), Shape.parse(arguments[4]), Path.of(arguments[5]));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var files = trial.otherFiles(file);
        for (long seed = Long.parseLong(arguments[6]); seed < Long.parseLong(arguments[7]); seed++) {
            out.println(STARTED + seed);
            Files.write(file, mutants.mutant(seed));
            var outcome = trial.outcome(seed);
            var touched = trial.otherFiles(file);
            out.println(touched.equals(files) ? outcome : FAILED + "files: " + touched + ", " + outcome);
            files = touched;
        }
        out.println(SIZE + largestSize());
    }

    /** Returns the outcome for the model as it is on disk now, which is opened twice. */
    private String outcome(long seed) {
        try {
            var first = numbers();
            if (first.refusal().isEmpty()) {
                if (!first.equals(numbers())) {
                    return FAILED + "other numbers when opened again: " + first.layer();
                }
                keep(first, seed);
                return COMPUTED + first.layer();
            }
            return REFUSED + "by the caller: " + first.refusal();
        } catch (StirException e) {
            var flaw = flaw(String.valueOf(model.getFileName()), String.valueOf(e.getMessage()));
            return flaw.isEmpty() ? REFUSED + e.getMessage() : FAILED + flaw + ": " + text(e);
        } catch (IOException | RuntimeException | LinkageError | VirtualMachineError | AssertionError e) {
            var at = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
            return FAILED + "raw " + text(e) + at;
        }
    }

    /** Returns the files next to the model and in it with their times, but the mutated one. */
    private Map<Path, Object> otherFiles(Path mutated) throws IOException {
        var found = new TreeMap<Path, Object>();
        try (var files = Files.walk(model.resolveSibling("."))) {
            for (var file :
                    files.filter(Files::isRegularFile).map(Path::normalize).toList()) {
                if (!file.equals(mutated)) {
                    found.put(file, Files.getLastModifiedTime(file));
                }
            }
        }
        return found;
    }

    /** Copies the model and its numbers to the folder for judges, if there is one. */
    private void keep(Numbers numbers, long seed) throws IOException {
        if (KEPT.isEmpty()) {
            return;
        }
        var folder = Path.of(KEPT, seed + "-" + model.getFileName());
        Files.createDirectories(folder);
        MutantRun.copy(model, folder.resolve(model.getFileName()));
        Files.writeString(folder.resolve("layer.txt"), numbers.layer());
        Files.writeString(folder.resolve("inputs.txt"), numbers.inputs());
        Files.writeString(folder.resolve("values.txt"), numbers.values());
    }

    private ModelOptions options() {
        return new ModelOptions(Device.CPU, 1, cache, Map.of());
    }

    /**
     * The numbers of a layer.
     *
     * @param refusal the reason for which core would refuse them; empty if there is none
     * @param inputs the shape of the inputs, and their values
     * @param values the shape of the representations, and their values
     * @param gradients their values
     */
    private record Numbers(String refusal, String layer, String inputs, String values, String gradients) {
        static Numbers refused(String refusal) {
            return new Numbers(refusal, "", "", "", "");
        }
    }

    private Numbers numbers() {
        try (var opened = provider.open(model, options())) {
            var own = opened.input().shape();
            var input = own.isKnown() && own.rank() > 0 && own.size() <= LARGEST_INPUT ? own : shape;
            var last = opened.layers(input).stream()
                    .filter(each -> each.obstacle().isEmpty())
                    .map(Layer::name)
                    .reduce((one, next) -> next);
            // judges compute the end of a network only
            var layer = KEPT.isEmpty() ? opened.defaultLayer().or(() -> last) : last;
            return layer.isPresent() ? numbers(opened, layer.get(), input) : Numbers.refused("no layer has a gradient");
        }
    }

    private static Numbers numbers(Model opened, String layer, Shape input) {
        try (var hook = opened.hook(layer, new HookOptions(input, FakeRelu.BEFORE_LAYER))) {
            int rows = opened.input().batch().orElse(2);
            var inputs = Batch.allocate(rows, input);
            for (int i = 0; i < inputs.buffer().capacity(); i++) {
                inputs.buffer().put(i, i % 7 / 7f);
            }
            var values = Batch.allocate(rows, hook.layer().shape());
            hook.represent(inputs, values);
            var again = Batch.allocate(rows, hook.layer().shape());
            hook.represent(inputs, again);
            if (!text(values).equals(text(again))) {
                return Numbers.refused(layer + " is not a function of its input");
            }
            var cotangents = Batch.allocate(rows, hook.layer().shape());
            for (int i = 0; i < cotangents.buffer().capacity(); i++) {
                cotangents.buffer().put(i, 1);
            }
            var gradients = inputs.copy();
            hook.pullback(inputs, cotangents, gradients);
            return isFinite(values) && isFinite(gradients)
                    ? new Numbers("", layer, text(inputs), text(values), text(gradients))
                    : Numbers.refused("the numbers of " + layer + " are not finite");
        }
    }

    private static String text(Batch batch) {
        return batch.rows() + "x" + batch.rowShape() + " " + Arrays.toString(batch.toArray());
    }

    private static boolean isFinite(Batch batch) {
        for (float value : batch.toArray()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the flaw of a message, or an empty text.
     *
     * @param file the name that it must contain
     */
    public static String flaw(String file, String message) {
        if (message.contains("\n") || !message.matches(".*[.?]")) {
            return "no sentence";
        }
        if (!message.contains(file)) {
            return "the file is not named";
        }
        if (message.length() > LONGEST_SENTENCE) {
            return "a long sentence";
        }
        var own = QUOTED.matcher(message).replaceAll("");
        return NOT_FOR_USERS.matcher(own).find() ? "internal terms" : "";
    }

    private static String text(Throwable e) {
        return String.valueOf(e).replace('\n', ' ');
    }

    /** Returns the peak size in MiB, or 0 if the system does not report it. */
    private static long largestSize() throws IOException {
        var status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0L);
        }
    }
}
