package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.math.statistics.Quantiles;
import stir.core.score.Acceptance;

class SearchCautionsTest {
    private static Inversion inversion(double distance, double... residuals) {
        var rows = Arrays.stream(residuals)
                .mapToObj(each -> new Inversion.Row(each, 0, 0, 0, 0, distance))
                .toList();
        var inputs = Inputs.of(Batch.allocate(rows.size(), Shape.of(1)));
        return new Inversion(inputs, rows, List.of(), false);
    }

    private static List<String> kinds(List<Caution> cautions) {
        return cautions.stream().map(Caution::kind).toList();
    }

    private static Optional<Acceptance> acceptance(boolean... accepted) {
        var quantiles = Quantiles.of(new double[] {0.5, 0.6}).orElseThrow();
        var outcomes = new ArrayList<Acceptance.Outcome>();
        for (boolean one : accepted) {
            outcomes.add(new Acceptance.Outcome(one, OptionalDouble.empty(), OptionalInt.empty(), OptionalInt.empty()));
        }
        return Optional.of(new Acceptance(
                new Acceptance.DifferentInputs(2, 2, quantiles, Optional.empty(), Optional.empty()),
                0.25,
                OptionalDouble.of(Acceptance.QUANTILE),
                Optional.empty(),
                outcomes));
    }

    @ParameterizedTest
    @CsvSource({
        "PUBLISHED, 0.3, not-invariant",
        "FAST, 0.3, not-invariant",
        "THOROUGH, 0.3, not-invariant-though-thorough",
        "CANDIDATES, 0.3, candidates-not-invariant",
        "FAST, 0.05, ''"
    })
    void aSearchThatFoundNothingIsReportedByItsMethod(Optimizer optimizer, double residual, String kind) {
        var settings = InversionSettings.of(optimizer.method());
        var cautions = SearchCautions.of(settings, inversion(0.5, residual, residual), "conv");
        assertEquals(kind.isEmpty() ? List.of() : List.of(kind), kinds(cautions));
    }

    @Test
    void invariantInputsNearTheirInputsCauseACautionUnlessTheyAreTheInputs() {
        assertEquals(
                List.of("near-inputs"),
                SearchCautions.near(inversion(0.5, 0.001)).stream()
                        .map(Caution::kind)
                        .toList());
        assertEquals(Optional.empty(), SearchCautions.near(inversion(0.8, 0.001)));
        assertEquals(Optional.empty(), SearchCautions.near(inversion(0.001, 0.001)));
        assertEquals(Optional.empty(), SearchCautions.near(inversion(Double.NaN, 0.001)));
    }

    @Test
    void aLayerThatIgnoresNothingIsNamedWithItsDistance() {
        var settings = InversionSettings.of(Optimizer.FAST.method());
        var cautions = SearchCautions.of(settings, inversion(0.001, 0.001), "conv");
        assertEquals(
                List.of(Caution.of("ignores-nothing", Map.of("layer", "conv", "distance_in_percent", 0.1))), cautions);
        assertEquals(List.of(), SearchCautions.of(settings, inversion(0.021, 0.001), "conv"));
        assertEquals(List.of(), SearchCautions.of(settings, inversion(Double.NaN, 0.001), "conv"));
    }

    @ParameterizedTest
    @CsvSource({
        "SEED, light-noise:0.001, kept-near-inputs",
        "BALL, l2:0.01@input, kept-near-inputs",
        "SEED, uniform, ignores-nothing"
    })
    void aSearchThatCouldNotLeaveItsInputsDoesNotShowWhatTheLayerIgnores(
            SearchOption option, String value, String kind) {
        var settings = InversionSettings.PUBLISHED.with(option, value);
        var cautions = SearchCautions.of(settings, inversion(0.001, 0.001), "conv");
        assertEquals(List.of(kind), kinds(cautions));
        var nearest = InversionSettings.of(Optimizer.CANDIDATES.method());
        assertEquals(List.of("kept-near-inputs"), kinds(SearchCautions.of(nearest, inversion(0.001, 0.001), "conv")));
    }

    @Test
    void acceptanceDecidesWhetherAnyInputWasFound() {
        var missed = List.of(Caution.of("few", Map.of()), Caution.of("not-invariant", Map.of()));
        var far = inversion(0.5, 0.3, 0.2);
        assertEquals(missed, SearchCautions.judged(missed, far, Optional.empty()));
        assertEquals(List.of("few"), kinds(SearchCautions.judged(missed, far, acceptance(false, true))));
        assertEquals(missed, SearchCautions.judged(missed, far, acceptance(false, false)));
        var near = inversion(0.5, 0.01, 0.03);
        assertEquals(
                List.of(Caution.of("none-accepted", Map.of("mean_residual", 0.02, "threshold", 0.25))),
                SearchCautions.judged(List.of(), near, acceptance(false, false)));
        assertEquals(List.of(), SearchCautions.judged(List.of(), near, acceptance(true, false)));
    }
}
