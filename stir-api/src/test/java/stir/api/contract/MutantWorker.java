package stir.api.contract;

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

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

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

    private static final int LONGEST_SENTENCE = 900;
    private static final int LARGEST_INPUT = 1 << 20;

    private static final Pattern NOT_FOR_USERS =
            Pattern.compile(
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
     *     shape of an input, the cache, the first seed and the one after the last
     */
    public static void main(String[] arguments) throws Exception {
        var provider =
                Class.forName(arguments[0])
                        .asSubclass(BackendProvider.class)
                        .getDeclaredConstructor()
                        .newInstance();
        var file = Path.of(arguments[2]);
        var mutants = Mutants.of(file, Mutants.Format.valueOf(arguments[3]));
        var trial =
                new MutantWorker(
                        provider,
                        Path.of(arguments[1]),
                        Shape.parse(arguments[4]),
                        Path.of(arguments[5]));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (long seed = Long.parseLong(arguments[6]);
                seed < Long.parseLong(arguments[7]);
                seed++) {
            out.println(STARTED + seed);
            Files.write(file, mutants.mutant(seed));
            out.println(trial.outcome());
        }
        out.println(SIZE + largestSize());
    }

    /** Returns the outcome for the model as it is on disk now. */
    private String outcome() {
        try (var opened = provider.open(model, options())) {
            return computed(opened);
        } catch (StirException e) {
            var flaw = flaw(String.valueOf(e.getMessage()));
            return flaw.isEmpty() ? REFUSED + e.getMessage() : FAILED + flaw + ": " + text(e);
        } catch (RuntimeException | LinkageError | VirtualMachineError | AssertionError e) {
            var at = e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
            return FAILED + "raw " + text(e) + at;
        }
    }

    private ModelOptions options() {
        return new ModelOptions(Device.CPU, 1, cache, Map.of());
    }

    private String computed(Model opened) {
        var own = opened.input().shape();
        var input = own.isKnown() && own.rank() > 0 && own.size() <= LARGEST_INPUT ? own : shape;
        var layers = opened.layers(input).stream().filter(each -> each.obstacle().isEmpty());
        var layer =
                opened.defaultLayer().or(() -> layers.map(Layer::name).reduce((one, next) -> next));
        return layer.isPresent()
                ? computed(opened, layer.get(), input)
                : REFUSED + "by the caller: no layer has a gradient";
    }

    private static String computed(Model opened, String layer, Shape input) {
        try (var hook = opened.hook(layer, new HookOptions(input, FakeRelu.BEFORE_LAYER))) {
            int rows = opened.input().batch().orElse(2);
            var inputs = Batch.allocate(rows, input);
            for (int i = 0; i < inputs.buffer().capacity(); i++) {
                inputs.buffer().put(i, i % 7 / 7f);
            }
            var values = Batch.allocate(rows, hook.layer().shape());
            hook.represent(inputs, values);
            var cotangents = Batch.allocate(rows, hook.layer().shape());
            for (int i = 0; i < cotangents.buffer().capacity(); i++) {
                cotangents.buffer().put(i, 1);
            }
            var gradients = inputs.copy();
            hook.pullback(inputs, cotangents, gradients);
            return isFinite(values) && isFinite(gradients)
                    ? COMPUTED + layer
                    : REFUSED + "by the caller: the numbers of " + layer + " are not finite";
        }
    }

    private static boolean isFinite(Batch batch) {
        for (float value : batch.toArray()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the flaw of a message, or an empty text. */
    private String flaw(String message) {
        if (message.contains("\n") || !message.endsWith(".")) {
            return "no sentence";
        }
        if (!message.contains(String.valueOf(model.getFileName()))) {
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
