package stir.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import stir.api.UsageException;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.score.StudiedLayer;
import stir.core.study.StoredStudy;
import stir.core.study.StoredStudy.Run;
import stir.core.study.StudyContrast;
import stir.core.study.StudyContrasts;
import stir.core.study.plan.PlannedPair;

/** The searches of a study side by side, and side by side with another study. */
final class SideBySide {
    /** The most differences of a page. */
    private static final int MOST = 20_000;

    /** The most names in a message. */
    private static final int SHOWN = 5;

    private final StoredStudy study;
    private final Optional<StoredStudy> against;
    private final Map<StudiedLayer, Integer> indices = new HashMap<>();
    private int differences;

    SideBySide(StoredStudy study, Optional<StoredStudy> against) {
        this.study = study;
        this.against = against;
        study.layers().forEach(layer -> indices.put(layer, indices.size()));
    }

    /** All comparisons in the page's document. */
    record Document(List<Other> others, List<Contrasts> sets, boolean tooMany) {}

    /** A run that is set next to the runs of the study. */
    record Other(Optional<String> study, String search, int repeat) {}

    /** A run of the study next to another run. */
    record Contrasts(
            int run,
            int other,
            List<String> onlyHere,
            List<String> onlyThere,
            List<String> measuresOfOne,
            List<String> differs,
            List<Contrast> rows) {
        Contrasts withoutRows() {
            return new Contrasts(run, other, List.of(), List.of(), measuresOfOne, differs, List.of());
        }
    }

    /** A score in the two runs. */
    record Contrast(
            String measure,
            int reference,
            int target,
            Estimate here,
            Estimate there,
            Optional<Difference> difference) {}

    /**
     * Returns all comparisons.
     *
     * @param name the name of the other study; empty if there is none
     * @throws UsageException if there is another study without a common score
     */
    Document document(String name) {
        var others = new ArrayList<Other>();
        var sets = new ArrayList<Contrasts>();
        for (var other : study.runs()) {
            for (int run = 0; run < study.runs().size(); run++) {
                if (isOther(study.runs().get(run), other)) {
                    sets.add(contrasts(run, others.size(), study, other));
                }
            }
            others.add(new Other(Optional.empty(), other.search(), other.repeat()));
        }
        if (against.isPresent()) {
            var second = against.get();
            int before = differences;
            for (var other : second.runs()) {
                for (int run = 0; run < study.runs().size(); run++) {
                    sets.add(contrasts(run, others.size(), second, other));
                }
                others.add(new Other(Optional.of(name), other.search(), other.repeat()));
            }
            if (differences == before) {
                throw nothingShared(second);
            }
        }
        boolean tooMany = differences > MOST;
        return new Document(
                others, tooMany ? sets.stream().map(Contrasts::withoutRows).toList() : sets, tooMany);
    }

    private UsageException nothingShared(StoredStudy other) {
        var networks = Set.copyOf(names(other));
        String lack = names(study).stream().noneMatch(networks::contains)
                ? "no network has the same name in both, here %s, there %s"
                        .formatted(list(names(study)), list(names(other)))
                : study.measures().keySet().stream().noneMatch(other.measures()::containsKey)
                        ? "no measure is in both, here %s, there %s"
                                .formatted(
                                        list(study.measures().keySet()),
                                        list(other.measures().keySet()))
                        : "no target and reference are scored in both, by the names of their networks and layers";
        return new UsageException("The two studies have no scores in common to compare: %s.".formatted(lack));
    }

    private static List<String> names(StoredStudy of) {
        return of.models().stream().map(StoredStudy.Model::name).toList();
    }

    private static String list(Collection<String> names) {
        return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "");
    }

    /**
     * Returns whether a run is the same repeat of another search, or another repeat of the same
     * search.
     */
    private static boolean isOther(Run one, Run other) {
        return one.search().equals(other.search()) != (one.repeat() == other.repeat());
    }

    private Contrasts contrasts(int index, int otherIndex, StoredStudy second, Run other) {
        var run = study.runs().get(index);
        var contrasts = StudyContrasts.of(study, run, second, other);
        differences += contrasts.all().size();
        var rows = new ArrayList<Contrast>();
        if (differences <= MOST) {
            contrasts.all().forEach(one -> rows.add(row(one)));
        }
        return new Contrasts(
                index,
                otherIndex,
                names(contrasts.onlyFirst()),
                names(contrasts.onlySecond()),
                contrasts.measuresOfOne(),
                differingParts(run, second, other),
                rows);
    }

    private Contrast row(StudyContrast one) {
        return new Contrast(
                one.measure(),
                indices.getOrDefault(one.pair().reference(), -1),
                indices.getOrDefault(one.pair().target(), -1),
                one.first(),
                one.second(),
                one.difference());
    }

    private static List<String> names(Collection<PlannedPair> pairs) {
        return pairs.stream()
                .map(pair -> pair.target() + " given " + pair.reference())
                .toList();
    }

    /** Returns the differences of the searches, the networks and the inputs; a phrase each. */
    private List<String> differingParts(Run run, StoredStudy second, Run other) {
        var differs = new ArrayList<String>();
        var here = settings(study, run);
        var there = settings(second, other);
        var names = new TreeSet<>(here.keySet());
        names.addAll(there.keySet());
        for (var name : names) {
            var one = here.getOrDefault(name, "not set");
            var another = there.getOrDefault(name, "not set");
            if (!one.equals(another)) {
                differs.add("%s: %s here, %s there".formatted(name, one, another));
            }
        }
        if (!study.inputFingerprint().equals(second.inputFingerprint())) {
            differs.add("the inputs");
        }
        if (!study.reduction().equals(second.reduction())) {
            differs.add("reduce: %s here, %s there".formatted(study.reduction(), second.reduction()));
        }
        for (var model : study.models()) {
            second.models().stream()
                    .filter(one -> one.name().equals(model.name()))
                    .filter(one -> !isSame(model, one))
                    .forEach(one -> differs.add("the network " + one.name()));
        }
        return differs;
    }

    private static Map<String, Object> settings(StoredStudy study, Run run) {
        return study.searches().stream()
                .filter(search -> search.name().equals(run.search()))
                .map(StoredStudy.Search::settings)
                .findFirst()
                .orElse(Map.of());
    }

    /** Returns whether two models compute the same, on the same device. */
    private static boolean isSame(StoredStudy.Model one, StoredStudy.Model other) {
        return one.sha256().equals(other.sha256())
                && one.backend().equals(other.backend())
                && one.device().equals(other.device())
                && one.settings().equals(other.settings())
                && Objects.equals(one.mean(), other.mean())
                && Objects.equals(one.standardDeviation(), other.standardDeviation());
    }
}
