package stir.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.UsageException;
import stir.core.study.StoredStudy;
import stir.core.study.StoredStudy.Run;
import stir.core.study.StudyContrasts;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.ScoreDocument;

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

/** The searches of a study beside each other, and beside those of another study. */
final class SideBySide {
    /** More differences are too many for a page. */
    private static final int MOST = 20_000;

    /** More names are too many for a message. */
    private static final int SHOWN = 5;

    private final StoredStudy study;
    private final Optional<StoredStudy> against;
    private final Map<StudiedLayer, Integer> indices = new HashMap<>();
    private int differences;

    SideBySide(StoredStudy study, Optional<StoredStudy> against) {
        this.study = study;
        this.against = against;
        study.layers().forEach(layer -> indices.put(layer.at(), indices.size()));
    }

    /**
     * All of it as a document.
     *
     * @param name of the other study; empty if there is none
     * @throws UsageException if there is another study, and no score is in both
     */
    ObjectNode document(String name) {
        var node = JsonNodeFactory.instance.objectNode();
        var others = node.putArray("others");
        var sets = node.putArray("sets");
        for (var other : study.runs()) {
            for (int run = 0; run < study.runs().size(); run++) {
                if (isOther(study.runs().get(run), other)) {
                    add(sets.addObject().put("run", run).put("other", others.size()), study, other);
                }
            }
            describe(others.addObject(), other);
        }
        against.ifPresent(
                second -> {
                    int before = differences;
                    for (var other : second.runs()) {
                        for (int run = 0; run < study.runs().size(); run++) {
                            var set = sets.addObject().put("run", run).put("other", others.size());
                            add(set, second, other);
                        }
                        describe(others.addObject().put("study", name), other);
                    }
                    if (differences == before) {
                        throw nothingShared(second);
                    }
                });
        if (differences > MOST) {
            sets.forEach(SideBySide::leaveOut);
        }
        return node.put("too-many", differences > MOST);
    }

    private UsageException nothingShared(StoredStudy other) {
        var networks = Set.copyOf(names(other));
        String lack =
                names(study).stream().noneMatch(networks::contains)
                        ? "no network has the same name in both, here %s, there %s"
                                .formatted(list(names(study)), list(names(other)))
                        : study.measures().keySet().stream()
                                        .noneMatch(other.measures()::containsKey)
                                ? "no measure is in both, here %s, there %s"
                                        .formatted(
                                                list(study.measures().keySet()),
                                                list(other.measures().keySet()))
                                : "no target and reference are scored in both, by the names of their networks and layers";
        return new UsageException(
                "The two studies have no score in common, so there is nothing to set side by side: %s."
                        .formatted(lack));
    }

    private static List<String> names(StoredStudy of) {
        return of.models().stream().map(StoredStudy.Model::name).toList();
    }

    /** Names in words: the first ones, if they are many. */
    private static String list(Collection<String> names) {
        return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "");
    }

    /** Whether a run is the same repeat of another search, or another repeat of the same search. */
    private static boolean isOther(Run one, Run other) {
        return one.search().equals(other.search()) != (one.repeat() == other.repeat());
    }

    private static void describe(ObjectNode node, Run run) {
        node.put("search", run.search()).put("repeat", run.repeat());
    }

    private void add(ObjectNode set, StoredStudy second, Run other) {
        var run = study.runs().get(set.path("run").asInt());
        var found = StudyContrasts.of(study, run, second, other);
        addPairs(set.putArray("only-here"), found.onlyFirst());
        addPairs(set.putArray("only-there"), found.onlySecond());
        found.measuresOfOne().forEach(set.putArray("measures-of-one")::add);
        whatDiffers(run, second, other).forEach(set.putArray("differs")::add);
        var rows = set.putArray("rows");
        differences += found.all().size();
        if (differences > MOST) {
            leaveOut(set);
            return;
        }
        for (var one : found.all()) {
            var row = rows.addObject().put("measure", one.measure());
            row.put("reference", indices.getOrDefault(one.pair().reference(), -1));
            row.put("target", indices.getOrDefault(one.pair().target(), -1));
            row.set("here", ScoreDocument.of(one.first()));
            row.set("there", ScoreDocument.of(one.second()));
            one.difference()
                    .ifPresent(
                            difference -> {
                                row.put("paired", difference.isPaired());
                                row.set("difference", ScoreDocument.of(difference));
                            });
        }
    }

    private static void leaveOut(JsonNode set) {
        for (var name : List.of("rows", "only-here", "only-there")) {
            ((ObjectNode) set).putArray(name);
        }
    }

    private static void addPairs(ArrayNode node, List<PlannedPair> pairs) {
        pairs.forEach(pair -> node.add(pair.target() + " given " + pair.reference()));
    }

    /** What of the search, the networks and the inputs is not the same; a phrase each. */
    private List<String> whatDiffers(Run run, StoredStudy second, Run other) {
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
            differs.add(
                    "reduce: %s here, %s there".formatted(study.reduction(), second.reduction()));
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

    /** Whether two models compute the same, on the same device. */
    private static boolean isSame(StoredStudy.Model one, StoredStudy.Model other) {
        return one.sha256().equals(other.sha256())
                && one.backend().equals(other.backend())
                && one.device().equals(other.device())
                && one.settings().equals(other.settings())
                && Objects.equals(one.mean(), other.mean())
                && Objects.equals(one.standardDeviation(), other.standardDeviation());
    }
}
