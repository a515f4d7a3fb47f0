package stir.core.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.network.ModelIdentity;
import stir.core.score.StudiedLayer;
import stir.core.study.store.CacheKeys;

class StudyPlanTest {
    private static final Shape SHAPE = Shape.of(1, 2, 2);

    private static PlannedModel model(String name, List<String> layers) {
        return new PlannedModel(
                StudiedModel.of(name, Path.of(name)),
                ModelIdentity.of("", "test"),
                SHAPE,
                Layout.CHANNELS_FIRST,
                layers.stream()
                        .map(layer -> new PlannedLayer(layer, Shape.of(3), Optional.empty()))
                        .toList(),
                Map.of(),
                Map.of(),
                0,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** Returns a plan of all pairs of layers of that many models. */
    private static StudyPlan plan(int count, List<String> layers, int repeats) {
        var models =
                IntStream.range(0, count).mapToObj(i -> model("m" + i, layers)).toList();
        var places = models.stream()
                .flatMap(model -> model.layers().stream().map(layer -> new StudiedLayer(model.name(), layer.name())))
                .toList();
        var pairs = new ArrayList<PlannedPair>();
        for (var reference : places) {
            for (var target : places) {
                pairs.add(new PlannedPair(reference, target));
            }
        }
        var experiment = Experiment.builder(
                        InputsSpec.of(Path.of("inputs")),
                        models.stream().map(PlannedModel::model).toList())
                .repeats(repeats)
                .build();
        var inputs = Inputs.of("inputs", 4, SHAPE, Inputs.of(Batch.allocate(4, SHAPE)));
        return new StudyPlan(experiment, inputs, "", Map.of(), PluginHashes.NONE, models, pairs);
    }

    @Test
    void itsPartsAreFoundByName() {
        var plan = plan(3, List.of("a", "b"), 2);
        assertEquals(
                plan.pairs().stream()
                        .filter(pair -> pair.target().model().equals("m2"))
                        .filter(pair -> pair.reference().model().equals("m0"))
                        .toList(),
                plan.pairs("m2", "m0"));
        assertEquals(4, plan.pairs("m2", "m0").size());
        assertEquals(List.of(), plan.pairs("m2", "other"));
        assertEquals(List.of(new StudiedLayer("m1", "a"), new StudiedLayer("m1", "b")), plan.references("m1"));
        assertEquals(plan.references("m1"), plan.targets("m1"));
        assertEquals(List.of(), plan.references("other"));
        assertSame(plan.models().get(1), plan.model("m1"));
        assertEquals("b", plan.layer(new StudiedLayer("m1", "b")).name());
        assertThrows(IllegalArgumentException.class, () -> plan.model("other"));
        assertThrows(IllegalArgumentException.class, () -> plan.layer(new StudiedLayer("m1", "c")));
    }

    @Test
    void aRepeatHasItsSettingsOnce() {
        var plan = plan(1, List.of("a"), 1000);
        assertEquals(1000, plan.runs().size());
        for (var run : plan.runs()) {
            assertSame(run, plan.run(run.search(), run.repeat()));
        }
        assertThrows(IllegalArgumentException.class, () -> plan.run("fast", 1001));
    }

    /** By looking at all pairs for each unit, it would be 16 billion looks. */
    @Test
    void theUnitsOfAHundredThousandPairsAreReadInTime() {
        var plan = plan(356, List.of("a"), 1);
        var keys = new CacheKeys(plan);
        assertTimeout(Duration.ofSeconds(30), () -> {
            long pairs = 0;
            for (var unit : plan.units(Stage.SCORE)) {
                var score = (Unit.Score) unit;
                for (var pair : plan.pairs(score.target(), score.reference())) {
                    keys.ofSearch(pair.reference(), plan.runs().get(0));
                    pairs++;
                }
            }
            assertEquals(plan.pairs().size(), pairs);
        });
    }
}
