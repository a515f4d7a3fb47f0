package stir.core.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import stir.api.Batch;
import stir.api.Experimental;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Refusal;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.search.PassTime;
import stir.core.inversion.search.UpdateRules;
import stir.core.io.arrays.NpyWriter;
import stir.core.network.Network;
import stir.core.runtime.machine.ProcessMemory;
import stir.core.runtime.progress.ProgressListener;

/**
 * A checker of exported networks: it determines which layers can be measured and searched, whether
 * gradients are right, the cost of a search, and the difference from another export of the same
 * network.
 *
 * @param nanoseconds a clock
 * @param listener the listener that receives the progress
 * @param allLayers whether all layers of two exports are compared, and not a sample
 * @param isQuick whether few inputs are used, and no search is estimated
 * @param gradients whether gradients are compared
 * @param values the folder for the inputs and their representations, if they are written
 * @since 0.1.0
 */
@Experimental
public record ExportChecker(
        LongSupplier nanoseconds,
        ProgressListener listener,
        boolean allLayers,
        boolean isQuick,
        boolean gradients,
        Optional<Path> values) {
    private static final int IMAGE_RANK = 3;

    /** The number of inputs that a search is assumed to have if none are given. */
    private static final int DEFAULT_INPUTS = 100;

    /** The time of a few passes above which gradients are compared at fewer inputs. */
    private static final long SLOW_NANOSECONDS = 3_000_000_000L;

    private static final int POINTS_OF_SLOW = 2;

    private static final int INPUTS_OF_QUICK = 4;

    /** The number of passes of the same points, which shows networks that seldom change. */
    private static final int REPEATED_PASSES = 30;

    private static final List<Optimizer> SEARCHES = List.of(Optimizer.PUBLISHED, Optimizer.FAST, Optimizer.THOROUGH);

    /**
     * Creates a checker that compares a sample of the layers of two exports.
     *
     * @param nanoseconds a clock
     * @param listener the listener that receives the progress
     */
    public ExportChecker(LongSupplier nanoseconds, ProgressListener listener) {
        this(nanoseconds, listener, false, false, true, Optional.empty());
    }

    /** Returns a checker that compares all layers of two exports. */
    public ExportChecker withAllLayers() {
        return new ExportChecker(nanoseconds, listener, true, isQuick, gradients, values);
    }

    /**
     * Returns a checker that takes {@value #INPUTS_OF_QUICK} inputs, compares gradients at {@value
     * #POINTS_OF_SLOW} of them, and estimates no cost.
     */
    public ExportChecker quick() {
        return new ExportChecker(nanoseconds, listener, allLayers, true, gradients, values);
    }

    /** Returns a checker that compares no gradients, for measurements without a search. */
    public ExportChecker withoutGradients() {
        return new ExportChecker(nanoseconds, listener, allLayers, isQuick, false, values);
    }

    /**
     * Returns a checker that writes the inputs as the network receives them, {@code inputs.npy},
     * and their representations at the named layers, {@code layer-0.npy} and so on. With them, an
     * exporter can compare the file with the network that it exported.
     *
     * @param folder an existing folder
     */
    public ExportChecker withValues(Path folder) {
        return new ExportChecker(nanoseconds, listener, allLayers, isQuick, gradients, Optional.of(folder));
    }

    /**
     * Checks a network with random inputs.
     *
     * @param network the caller retains ownership
     * @param other another export of the network for comparison; the caller retains ownership
     * @param shape the shape of one input as the model takes it; with free sizes, nothing is run
     */
    public ExportCheck check(Network network, Optional<Network> other, Shape shape) {
        return new Findings(network.over(ValueRange.UNIT), other, shape, Optional.empty()).result();
    }

    /**
     * Checks a network with inputs.
     *
     * @param network the caller retains ownership
     * @param other another export of the network for comparison; the caller retains ownership
     * @param inputs the inputs, at least one
     */
    public ExportCheck check(Network network, Optional<Network> other, Inputs inputs) {
        return new Findings(network.on(inputs), other.map(export -> export.on(inputs)), Shape.of(), Optional.of(inputs))
                .result();
    }

    /** The findings about one network. */
    private final class Findings {
        private final Network network;
        private final Optional<Network> other;
        private final Optional<Inputs> given;
        private Optional<Shape> shape = Optional.empty();
        private List<Layer> layers = List.of();
        private Optional<Layer> measured = Optional.empty();
        private final Map<String, GradientCheck> agreements = new LinkedHashMap<>();
        private List<SearchEstimate> searches = List.of();
        private List<LayerDifference> differences = List.of();
        private final List<Refusal> problems = new ArrayList<>();
        private int written;

        Findings(Network network, Optional<Network> other, Shape asked, Optional<Inputs> given) {
            this.network = network;
            this.other = other;
            this.given = given;
            attempt(() -> run(asked));
        }

        ExportCheck result() {
            return new ExportCheck(
                    network.name(),
                    network.backend(),
                    network.model().origin(),
                    network.input(),
                    shape,
                    layers,
                    measured,
                    agreements,
                    searches,
                    differences,
                    problems);
        }

        /** Records a failure as a problem and continues. */
        private void attempt(Runnable work) {
            try {
                work.run();
            } catch (StirException e) {
                problems.add(e.refusal());
            }
        }

        private void run(Shape asked) {
            if (given.isEmpty() && (asked.rank() == 0 || !asked.isKnown())) {
                problems.add(new Refusal(
                        asked.rank() == 0
                                ? "The file does not specify the shape of its inputs: specify it, such as 3x224x224, or inputs."
                                : "The model takes inputs of %s, dynamic at ?: specify the shape, or inputs."
                                        .formatted(asked),
                        Remedy.GIVE_SHAPE));
                attempt(() -> layers = network.layers(asked));
                return;
            }
            var inputs = given.orElseGet(() -> Points.noise(DEFAULT_INPUTS, pixels(asked)));
            var points = Points.of(isQuick ? inputs.limit(Math.min(INPUTS_OF_QUICK, inputs.count())) : inputs, network);
            shape = Optional.of(points.values().rowShape());
            layers = network.layers(points.values().rowShape());
            if (layers.isEmpty()) {
                problems.add(new Refusal("No measurable layer: none has one row per input and a known shape."));
                return;
            }
            other.ifPresent(export -> attempt(() -> compare(export, inputs)));
            values.ifPresent(folder -> NpyWriter.write(folder.resolve("inputs.npy"), points.values()));
            for (var searched : network.searchedLayers()) {
                attempt(() -> probeLayer(searched.name(), points));
            }
            if (measured.isPresent() && !isQuick) {
                searches = searches(inputs, measured.get());
            }
        }

        private void probeLayer(String name, Points points) {
            var options = new HookOptions(points.values().rowShape());
            try (var hook = network.model().hook(name, options)) {
                measured = measured.or(() -> Optional.of(hook.layer()));
                values.ifPresent(folder -> writeLayer(folder, hook, points.values()));
                long start = nanoseconds.getAsLong();
                var layerProblems = new ArrayList<>(new HookProbe(hook, points).problems());
                boolean slow = isQuick || nanoseconds.getAsLong() - start > SLOW_NANOSECONDS;
                int most = slow ? POINTS_OF_SLOW : points.values().rows();
                var probe = new HookProbe(
                        hook, points.first(Math.min(most, points.values().rows())));
                if (layerProblems.isEmpty() && gradients) {
                    probe.gradientProblem().ifPresent(layerProblems::add);
                }
                if (layerProblems.isEmpty() && gradients) {
                    var check = probe.gradient(isQuick ? GradientCheck.TOLERANCE : HookProbe.GOOD_ENOUGH);
                    agreements.put(name, check);
                    judge(check).ifPresent(layerProblems::add);
                    probe.distanceProblem().ifPresent(layerProblems::add);
                    probe.change(slow ? 2 : REPEATED_PASSES).ifPresent(layerProblems::add);
                }
                layerProblems.forEach(problem -> problems.add(new Refusal("At '%s': %s".formatted(name, problem))));
            }
        }

        private void writeLayer(Path folder, LayerHook hook, Batch inputs) {
            var representations = Batch.allocate(inputs.rows(), hook.layer().shape());
            hook.represent(inputs, representations);
            NpyWriter.write(folder.resolve("layer-%d.npy".formatted(written++)), representations);
        }

        private Shape pixels(Shape asked) {
            boolean channelsLast = asked.rank() == IMAGE_RANK
                    && network.preprocessing().layout().orElse(network.input().layout()) == Layout.CHANNELS_LAST;
            return channelsLast ? Shape.of(asked.dimension(2), asked.dimension(0), asked.dimension(1)) : asked;
        }

        private Optional<String> judge(GradientCheck check) {
            if (Double.isNaN(check.error())) {
                return Optional.of(
                        "The representation hardly changes with the input: choose another layer, or check the weights.");
            }
            if (Double.isInfinite(check.worst())) {
                return Optional.of(HookProbe.NOT_FINITE);
            }
            return check.agrees()
                    ? Optional.empty()
                    : Optional.of(
                            "The gradient is wrong, or the network has none (it rounds or counts): finite differences differ by %.2g. Searches at this layer can't be trusted: choose another layer, and please report it with the model."
                                    .formatted(check.error()));
        }

        private void compare(Network export, Inputs inputs) {
            differences = new ExportComparison(network, export, inputs, allLayers, listener).differences();
            if (differences.stream().noneMatch(pair -> pair.difference().isPresent())) {
                problems.add(new Refusal(
                        "%s has no layer with a matching name that could be compared.".formatted(export.name())));
            }
            long wrong = differences.stream().filter(LayerDifference::isWrong).count();
            if (wrong > 0) {
                long compared = differences.stream()
                        .filter(pair -> pair.difference().isPresent())
                        .count();
                var first =
                        differences.stream().filter(LayerDifference::isWrong).findFirst();
                problems.add(new Refusal("%d of %d compared layers differ from %s, the first is '%s': %s."
                        .formatted(
                                wrong,
                                compared,
                                export.name(),
                                first.orElseThrow().layer(),
                                reason(export))));
            }
        }

        /** Returns the likely reason of a difference. */
        private String reason(Network export) {
            for (var one : List.of(network, export)) {
                if (ExportComparison.precision(one).equals("quantised")) {
                    return "%s is quantised, so its values are others; compare the export before quantisation"
                            .formatted(one.name());
                }
            }
            return "the exports have different weights, or use the name for different tensors";
        }

        private List<SearchEstimate> searches(Inputs inputs, Layer at) {
            int few = Math.min(PassTime.ENOUGH_INPUTS, 2 * Points.countFor(inputs.shape()));
            var time = PassTime.measure(network, inputs.limit(few), spec -> network, nanoseconds);
            int width = at.shape().size();
            long process = ProcessMemory.peakBytes().orElse(0);
            var estimates = new ArrayList<SearchEstimate>();
            for (var optimizer : SEARCHES) {
                long row = UpdateRules.bytesPerInput(optimizer.method(), width, inputs.shape());
                int atOnce = Math.min(inputs.count(), network.batchSize());
                estimates.add(new SearchEstimate(
                        optimizer,
                        inputs.count(),
                        time.of(InversionSettings.of(optimizer.method()), inputs.count()),
                        process == 0 ? 0 : process + atOnce * row));
            }
            return estimates;
        }
    }
}
