package stir.core.study.store;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;
import stir.core.math.statistics.Replicates;
import stir.core.score.Acceptance;
import stir.core.score.ChangedParts;
import stir.core.score.ClassOutcome;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.Stitching;
import stir.core.score.StudiedLayer;
import stir.core.score.TargetThreshold;

/** Scores with random parts, and with numbers and names that are hard to write. */
final class ScoreGenerator {
    private static final List<Double> ODD_NUMBERS =
            List.of(0.0, -0.0, 1.0, -1.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE);
    private static final List<String> MEASURES = List.of("linear-cka", "svcca?variance=0.9", "procrustes");
    private static final List<String> HASHES = List.of("0".repeat(64), "ab".repeat(32));
    private static final List<StudiedLayer> LAYERS = List.of(
            new StudiedLayer("a", "relu2"), new StudiedLayer("b.2", "block 1/conv"), new StudiedLayer("c", "層\"\\"));
    private static final List<Caution> CAUTIONS = List.of(
            Caution.of("few-inputs", Map.of("inputs", 4, "share", 2.0, "large", Long.MAX_VALUE)),
            Caution.of("\"quoted\"", Map.of("models", "a, \"b\"", "x", Double.NaN))
                    .about("svcca?variance=0.9"));
    private static final List<List<Map<String, String>>> MACHINES =
            List.of(List.of(), List.of(Map.of("cpu", "avx2"), Map.of("cpu", "avx512", "java", "17")));

    private final Random random;

    ScoreGenerator(Random random) {
        this.random = random;
    }

    ScoreBlock block() {
        return new ScoreBlock(ScoreBlock.SCHEMA, "b.2", "a", of(MACHINES), list(0, 4, this::part));
    }

    private ScoreBlock.Part part() {
        return new ScoreBlock.Part(
                new ScoreBlock.Place(
                        of(List.of(ScoreBlock.Kind.values())),
                        of(LAYERS),
                        of(LAYERS),
                        of(List.of("reference", "fast", "")),
                        random.nextInt(4)),
                of(HASHES),
                map(MEASURES.size(), this::measureScore),
                maybe(this::acceptance),
                maybe(this::outcomes),
                map(2, () -> of(HASHES)),
                list(0, 2, () -> of(CAUTIONS)));
    }

    private MeasureScore measureScore() {
        var values = new EnumMap<Quantity, Estimate>(Quantity.class);
        for (var quantity : Quantity.values()) {
            maybe(this::estimate).ifPresent(estimate -> values.put(quantity, estimate));
        }
        return new MeasureScore(values, maybe(this::permutationFloor), Optional.empty());
    }

    private Acceptance acceptance() {
        return new Acceptance(
                differentInputs(),
                number(),
                maybeNumber(0, 1),
                maybe(() -> of(List.of("logits", "head"))),
                list(
                        1,
                        5,
                        () -> new Acceptance.Outcome(
                                random.nextBoolean(), maybeNumber(-1, 1), maybeClass(), maybeClass())));
    }

    private Acceptance.DifferentInputs differentInputs() {
        return new Acceptance.DifferentInputs(5, 20, quantiles(), maybe(this::quantiles), maybe(this::quantiles));
    }

    private PermutationFloor permutationFloor() {
        double part = number(0, 1);
        var shuffled = random.doubles(2 + random.nextInt(9)).toArray();
        var values = PermutationFloor.of(part, shuffled, Scale.UNIT).shuffled();
        return new PermutationFloor(
                number(), part, part, 2 + random.nextInt(999), random.nextBoolean() ? values : Optional.empty());
    }

    private InputOutcomes outcomes() {
        return new InputOutcomes(
                list(1, 5, this::outcome),
                Optional.of("logits"),
                list(0, 3, () -> new ClassOutcome(3, 2, number(-1, 1), number(-1, 1), 0.5)),
                maybe(this::parts),
                maybe(this::stitching),
                maybe(() -> new TargetThreshold(differentInputs(), number(), number(0, 1))));
    }

    private Stitching stitching() {
        var accuracy = OptionalDouble.of(number(0, 1));
        return new Stitching(
                3,
                4,
                0.1,
                number(0, 1),
                number(0, 1),
                accuracy,
                OptionalDouble.empty(),
                accuracy,
                OptionalDouble.empty());
    }

    private ChangedParts parts() {
        return new ChangedParts(
                list(0, 3, () -> new ChangedParts.Component(number(0, 1), number(0, 9))),
                number(0, 1),
                list(
                        0,
                        3,
                        () -> new ChangedParts.ChangedUnit(
                                random.nextInt(99),
                                number(0, 1),
                                number(0, 9),
                                maybe(this::match),
                                maybe(this::match))));
    }

    private ChangedParts.Match match() {
        return new ChangedParts.Match(random.nextInt(99), number(-1, 1));
    }

    private InputOutcome outcome() {
        int predicted = random.nextInt(10);
        return new InputOutcome(
                maybeNumber(0, 1e9), OptionalInt.of(predicted), OptionalInt.of(9 - predicted), maybeNumber(-1, 1));
    }

    private Quantiles quantiles() {
        var values = random.doubles(1 + random.nextInt(9), 0, 1e9).toArray();
        return Quantiles.of(values).orElseThrow();
    }

    private Estimate estimate() {
        return switch (random.nextInt(3)) {
            case 0 -> Estimate.undefined(of(List.of("All rows are \"alike\".", "Zu wenige, 層")));
            case 1 -> Estimate.of(number(), maybe(this::interval));
            default -> replicated();
        };
    }

    private Estimate replicated() {
        var scheme = of(List.of(Replicates.Scheme.values()));
        var parts = Stream.generate(this::number).limit(6).mapToDouble(n -> n).toArray();
        var all = Replicates.of(scheme, number(), parts, 12, random.nextLong());
        return new Estimate(
                OptionalDouble.of(all.value()),
                Optional.empty(),
                Optional.of(new Interval(0.1, 0.5, Estimate.LEVEL)),
                Optional.of(all),
                Optional.empty());
    }

    private Interval interval() {
        double one = number();
        double other = number();
        return new Interval(Math.min(one, other), Math.max(one, other), Estimate.LEVEL);
    }

    /** Returns any finite number: all bits are random, or it is one that is hard to write. */
    private double number() {
        if (random.nextInt(4) == 0) {
            return of(ODD_NUMBERS);
        }
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : number();
    }

    private double number(double from, double to) {
        return from + random.nextDouble() * (to - from);
    }

    private OptionalDouble maybeNumber(double from, double to) {
        return random.nextBoolean() ? OptionalDouble.of(number(from, to)) : OptionalDouble.empty();
    }

    private OptionalInt maybeClass() {
        return random.nextBoolean() ? OptionalInt.of(random.nextInt(10)) : OptionalInt.empty();
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private <T> List<T> list(int least, int most, Supplier<T> value) {
        return Stream.generate(value)
                .limit(least + random.nextInt(most - least + 1))
                .toList();
    }

    /** Returns values for some of the first measures. */
    private <T> Map<String, T> map(int most, Supplier<T> value) {
        var map = new HashMap<String, T>();
        for (var measure : MEASURES.subList(0, most)) {
            if (random.nextBoolean()) {
                map.put(measure, value.get());
            }
        }
        return Map.copyOf(map);
    }
}
