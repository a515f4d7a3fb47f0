package stir.cli.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import stir.core.runtime.progress.Progress;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/**
 * The time that the units of a run take, estimated from those that have ended and their sizes. A
 * search is estimated from ended searches of the same layer, where there are any, since the number
 * of passes that a search needs depends on the depth of its layer. Not thread-safe.
 */
final class WorkEstimate {
    /** The share of a unit from which its own pace is known better than that of other units. */
    private static final double ENOUGH = 0.1;

    /** The seconds after which the pace of the first unit is taken for that of the others. */
    private static final double LONG_ENOUGH = 2;

    private final Workload work;
    private final Map<Unit, Workload.Part> waiting = new LinkedHashMap<>();
    private final Map<String, Pace> paces = new HashMap<>();
    private Workload.@Nullable Part running;
    private @Nullable Progress latest;
    private double begun;

    /** The work of units that have ended, and of the running one so far. */
    private static final class Pace {
        private double seconds;
        private double size;
        private double computed;

        private void add(double seconds, double share, double computed, double ofSize) {
            this.seconds += seconds;
            this.size += share * ofSize;
            this.computed += computed * ofSize;
        }

        private void add(Pace other) {
            seconds += other.seconds;
            size += other.size;
            computed += other.computed;
        }
    }

    /**
     * Creates the estimate before the first unit.
     *
     * @param work all units
     */
    WorkEstimate(Workload work) {
        this.work = work;
        work.parts().forEach(part -> waiting.put(part.unit(), part));
    }

    /** Begins a unit, in place of one that has failed without an end. */
    void begin(Unit unit, double now) {
        running = waiting.remove(unit);
        begun = now;
        latest = null;
    }

    /** Records the progress of the running unit. */
    void update(Progress progress) {
        latest = progress;
    }

    /** Ends the running unit. */
    void end(double now) {
        if (running != null) {
            double computed = latest == null ? 1 : (double) latest.computed() / latest.total();
            paces.computeIfAbsent(kind(running.unit()), unused -> new Pace())
                    .add(now - begun, 1, computed, running.size());
        }
        running = null;
    }

    /** Returns the number of units that have begun, those that were done before included. */
    int number() {
        return count() - waiting.size();
    }

    /** Returns the number of all units, those that were done before included. */
    int count() {
        return work.done() + work.parts().size();
    }

    /** Returns whether all units have ended. */
    boolean isComplete() {
        return waiting.isEmpty() && running == null;
    }

    /** Returns the share of the last unit that is done; empty until it is known. */
    OptionalDouble share() {
        return latest == null ? OptionalDouble.empty() : OptionalDouble.of((double) latest.done() / latest.total());
    }

    /** Returns the mean relative distance of the last search; NaN if it is unknown. */
    double residual() {
        return latest == null ? Double.NaN : latest.residual();
    }

    /** Returns the seconds that the running unit still takes; empty if they are unknown. */
    OptionalDouble left(double now) {
        if (running == null) {
            return OptionalDouble.empty();
        }
        double share = share().orElse(0);
        double spent = now - begun;
        var pace = pace(running.unit(), paces);
        if (share < ENOUGH && pace.size > 0) {
            double expected = running.size() * pace.seconds / pace.size;
            return OptionalDouble.of(Math.max(0, expected - spent));
        }
        return share > 0 ? OptionalDouble.of(spent * (1 - share) / share) : OptionalDouble.empty();
    }

    /** Returns the seconds that all units still take; empty if they are unknown. */
    OptionalDouble allLeft(double now) {
        var own = running == null ? OptionalDouble.of(0) : left(now);
        if (own.isEmpty() || (paces.isEmpty() && now - begun < LONG_ENOUGH)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(own.getAsDouble() + seconds(waiting.values(), paces(now)));
    }

    /**
     * Returns the seconds that all units of the run would take if searches used the optimizer fast
     * in place of thorough; empty if there are none to change, or their pace is unknown.
     */
    OptionalDouble byFast(double now) {
        var paces = paces(now);
        var searching = total(paces, "search");
        boolean differs = work.parts().stream().anyMatch(part -> part.byFast() < part.size());
        if (!differs || searching.computed <= 0) {
            return OptionalDouble.empty();
        }
        double seconds = 0;
        for (var part : work.parts()) {
            seconds += part.byFast() < part.size()
                    ? part.byFast() * searching.seconds / searching.computed
                    : seconds(List.of(part), paces);
        }
        return OptionalDouble.of(seconds);
    }

    /** Returns the paces with that of the running unit, as soon as it is known well enough. */
    private Map<String, Pace> paces(double now) {
        var all = new HashMap<String, Pace>();
        paces.forEach(
                (kind, pace) -> all.computeIfAbsent(kind, unused -> new Pace()).add(pace));
        boolean isKnown = paces.isEmpty() || share().orElse(0) >= ENOUGH;
        if (running != null && latest != null && isKnown) {
            double total = latest.total();
            all.computeIfAbsent(kind(running.unit()), unused -> new Pace())
                    .add(now - begun, latest.done() / total, latest.computed() / total, running.size());
        }
        return all;
    }

    private static double seconds(Collection<Workload.Part> parts, Map<String, Pace> paces) {
        var all = total(paces, "");
        double seconds = 0;
        for (var part : parts) {
            var pace = pace(part.unit(), paces);
            if (pace.size > 0) {
                seconds += part.size() * pace.seconds / pace.size;
            } else if (all.computed > 0) { // a pass is a pass
                seconds += part.size() * all.seconds / all.computed;
            }
        }
        return seconds;
    }

    /** Returns the pace of units like this one; of all units of its stage if there are none. */
    private static Pace pace(Unit unit, Map<String, Pace> paces) {
        var same = paces.get(kind(unit));
        return same != null && same.size > 0 ? same : total(paces, unit.stage().word());
    }

    private static Pace total(Map<String, Pace> paces, String stage) {
        var total = new Pace();
        paces.forEach((kind, pace) -> {
            if (kind.startsWith(stage)) {
                total.add(pace);
            }
        });
        return total;
    }

    /** Returns the units that take as long as this one, apart from their sizes. */
    private static String kind(Unit unit) {
        var words = new ArrayList<>(List.of(unit.stage().word()));
        if (unit instanceof Unit.Search search) {
            words.addAll(List.of(search.reference().layer(), search.search()));
        }
        return String.join("/", words);
    }
}
