package stir.core.internal;

import org.jspecify.annotations.Nullable;

import stir.core.inputs.Inputs;
import stir.core.inversion.ResultFolder;
import stir.core.network.pass.HookedNetwork;
import stir.core.score.ScoreSettings;
import stir.core.store.ClaimedFolder;
import stir.core.store.Identity;

import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Where a comparison keeps its searches: in memory, or in a folder that it holds until it is
 * closed.
 */
final class ComparisonPlace implements AutoCloseable {
    private final Keeping searches;
    private final @Nullable ClaimedFolder held;

    private ComparisonPlace(Keeping searches, @Nullable ClaimedFolder held) {
        this.searches = searches;
        this.held = held;
    }

    /**
     * The place of a comparison.
     *
     * @param folder which folder; empty for memory
     */
    static ComparisonPlace of(
            Optional<ResultFolder> folder,
            HookedNetwork a,
            HookedNetwork b,
            Inputs inputs,
            ScoreSettings settings) {
        var searches = Keeping.of(folder, inputs);
        return new ComparisonPlace(
                searches,
                folder.map(place -> ClaimedFolder.of(place, identity(searches, a, b, settings)))
                        .orElse(null));
    }

    private static Identity identity(
            Keeping searches, HookedNetwork a, HookedNetwork b, ScoreSettings settings) {
        var ofA = searches.identity(a, settings.inversion()).values();
        var ofB = searches.identity(b, settings.inversion()).values();
        var values = new LinkedHashMap<String, String>();
        ofA.forEach(
                (name, value) -> {
                    if (value.equals(ofB.get(name))) {
                        values.put(name, value);
                    } else {
                        values.put(name + "-a", value);
                    }
                });
        ofB.forEach(
                (name, value) -> {
                    if (!value.equals(ofA.get(name))) {
                        values.put(name + "-b", value);
                    }
                });
        values.put("kind", "comparison");
        values.put("measures", String.join(", ", settings.measures()));
        values.put("reduce", settings.reduction().word());
        values.put("repeats", Integer.toString(settings.repeats()));
        return new Identity(values);
    }

    /** Where the search for the first network's invariant inputs is kept. */
    Keeping searchOfA() {
        return searches.within("search-a");
    }

    /** Where the search for the second network's invariant inputs is kept. */
    Keeping searchOfB() {
        return searches.within("search-b");
    }

    @Override
    public void close() {
        if (held != null) {
            held.close();
        }
    }
}
