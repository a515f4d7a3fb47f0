package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/**
 * The names of units that people read, as in {@code net3 fc1}. They name searches, repeats and
 * ranges of inputs only where there is more than one of these.
 */
final class UnitNames {
    private final boolean severalSearches;
    private final boolean severalRepeats;
    private final boolean severalRanges;

    /** Creates the names of a run's units. */
    UnitNames(Workload work) {
        this.severalSearches = several(work, Unit.Search::search);
        this.severalRepeats = several(work, Unit.Search::repeat);
        long whole = searches(work).map(Unit.Search::whole).distinct().count();
        this.severalRanges = searches(work).count() > whole;
    }

    private static Stream<Unit.Search> searches(Workload work) {
        return work.parts().stream()
                .map(Workload.Part::unit)
                .filter(Unit.Search.class::isInstance)
                .map(Unit.Search.class::cast);
    }

    private static boolean several(Workload work, Function<Unit.Search, Object> part) {
        return searches(work).map(part).distinct().count() > 1;
    }

    /** Returns the name of a unit. */
    String of(Unit unit) {
        if (unit instanceof Unit.Search search) {
            return of(search);
        }
        return unit instanceof Unit.Score score ? of(score) : "";
    }

    private String of(Unit.Search search) {
        List<String> words = new ArrayList<>();
        words.add(search.reference().model() + " " + search.reference().layer());
        if (severalSearches) {
            words.add(search.search());
        }
        if (severalRepeats) {
            words.add("repeat " + search.repeat());
        }
        if (severalRanges) {
            words.add("inputs %d to %d".formatted(search.from() + 1, search.to()));
        }
        return String.join(", ", words);
    }

    private String of(Unit.Score score) {
        return score.target().equals(score.reference())
                ? "scores of " + score.target()
                : "scores of %s given %s".formatted(score.target(), score.reference());
    }
}
