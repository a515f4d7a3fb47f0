package stir.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.io.files.JsonFile;
import stir.core.study.plan.StudyPlan;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.ResultDocument;

/**
 * A score that somebody claims: the document of {@code stir score}, whose command is repeated.
 * Immutable.
 */
public final class Claim {
    private static final String NAME = "name";
    private static final String WORD = "/verdict/word";
    private static final String USE = "use the result.json of `stir score --out`";

    /** The facts of a network and of inputs that may differ where a claim is verified. */
    private static final Set<String> FREE = Set.of(NAME, "file", "source", "machine", "library", "device");

    private static final List<String> REQUIRED =
            List.of(("/command /networks/0/sha256 /networks/1/sha256 /inputs/sha256"
                            + " /settings/searches /directions/0/verdict/word")
                    .split(" ", -1));

    /** The values of each measure that are compared. */
    private static final List<String> COMPARED = List.of("/stir", "/similarity");

    /** Half a unit of the second decimal, to which intervals are printed. */
    private static final double ROUNDING = 0.005;

    /** The order that finds numbers equal if their values are, however they are written. */
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? Double.compare(one.asDouble(), other.asDouble())
            : one.equals(other) ? 0 : 1;

    private final Path file;
    private final JsonNode document;

    private Claim(Path file, JsonNode document) {
        this.file = file;
        this.document = document;
    }

    /**
     * Reads a claim.
     *
     * @throws UsageException if there is no such file, or it is the document of another command or
     *     of a version or a protocol that is unknown to this version
     * @throws DataException if it is not JSON, or is incomplete
     */
    public static Claim read(Path file) {
        var claim = new Claim(file, JsonFile.read(file, USE));
        claim.check();
        return claim;
    }

    private void check() {
        var schema = text("/schema");
        if (!schema.startsWith("stir-score/")) {
            throw new UsageException("%s is not a score (its schema is '%s'): %s.".formatted(file, schema, USE));
        }
        if (!schema.equals(ResultDocument.SCORE) || isNewer()) {
            throw new UsageException(
                    "%s was made by Stir %s, which differs from this version, %s: verify it with that one."
                            .formatted(file, text("/versions/stir"), Stir.version()));
        }
        for (var score : document.path("directions")) {
            var search = score.path("search");
            if ((search.has("threshold") && !search.has("threshold_quantile"))
                    || score.at(WORD).asText().startsWith("NO MORE THAN")) {
                throw new UsageException(
                        "%s was made by earlier rules of acceptance and verdicts: repeat its command, or verify it with the version that made it."
                                .formatted(file));
            }
        }
        for (var pointer : REQUIRED) {
            if (document.at(pointer).isMissingNode()) {
                throw new DataException(
                        "%s is incomplete (%s is missing): %s.".formatted(file, pointer.substring(1), USE));
            }
        }
    }

    private boolean isNewer() {
        try {
            var made = Version.parse(text("/versions/stir"));
            return made.compareTo(Version.parse(Stir.version())) > 0;
        } catch (IllegalArgumentException e) { // not written by Stir
            return true;
        }
    }

    private String text(String pointer) {
        return document.at(pointer).asText();
    }

    /** Returns the words of the claimed command after the name of the program. */
    public List<String> arguments() {
        return ShellWord.split(text("/command")).stream().skip(1).toList();
    }

    /** Returns the SHA-256 of the first network or the second. */
    public String hash(int network) {
        return document.path("networks").path(network).path("sha256").asText();
    }

    /**
     * Checks, before anything is computed, that the repeated command is the one that the claim
     * describes, and prints what is the same.
     *
     * @throws DataException if weights, inputs, layers or settings are others
     */
    public void check(StudyPlan plan, PrintWriter out) {
        var here = JsonFile.tree(PlanDocument.of(plan, Map.of(), ""));
        var differences = new ArrayList<String>();
        var ofMachines = new TreeSet<String>();
        for (var part : List.of("inputs", "settings")) {
            compare(part, here.path(part), document.path(part), differences);
        }
        for (int i = 0; i < 2; i++) {
            var network = here.path("networks").path(i);
            var claimed = document.path("networks").path(i);
            compare(claimed.path(NAME).asText(), network, claimed, differences);
            compare("its", network.path("machine"), claimed.path("machine"), ofMachines);
        }
        if (!differences.isEmpty()) {
            throw new DataException("The claim can't be verified: %s.".formatted(String.join("; ", differences)));
        }
        var protocol = text("/settings/protocol");
        out.printf(
                "Claimed with Stir %s, %s.%n",
                text("/versions/stir"), protocol.isEmpty() ? "without a protocol" : "protocol " + protocol);
        out.printf(
                "The weights, the %d inputs and the settings are the same.%n",
                plan.inputs().count());
        out.println(
                ofMachines.isEmpty()
                        ? "The machine is of the same type."
                        : "The machine differs: %s.".formatted(String.join("; ", ofMachines)));
        out.flush();
    }

    private static void compare(String part, JsonNode here, JsonNode claimed, Collection<String> differences) {
        var names = new TreeSet<String>();
        here.fieldNames().forEachRemaining(names::add);
        claimed.fieldNames().forEachRemaining(names::add);
        names.removeAll(FREE);
        for (var name : names) {
            if (!here.path(name).equals(BY_VALUE, claimed.path(name))) {
                differences.add("%s %s is %s here and %s in the claim"
                        .formatted(part, name, shown(here.path(name)), shown(claimed.path(name))));
            }
        }
    }

    /** Returns a value of a document that may be a stranger's, without control characters. */
    private static String shown(JsonNode value) {
        var text = value.isTextual() ? value.asText() : value.toString();
        return value.isMissingNode() ? "absent" : text.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Compares the claimed scores with those of the repeated command, and prints a line per score.
     *
     * @throws DataException if a score is not confirmed
     */
    public void compare(ScoreReport report, PrintWriter out) {
        var repeated = JsonFile.tree(report.document().root());
        var refuted = new ArrayList<String>();
        if (!keys(document).equals(keys(repeated))) {
            throw new DataException(
                    "The claim is not confirmed: it has scores of %s, and its command computes those of %s."
                            .formatted(keys(document), keys(repeated)));
        }
        for (var claimed : document.path("directions")) {
            var score = StreamSupport.stream(repeated.path("directions").spliterator(), false)
                    .filter(one -> key(repeated, one).equals(key(document, claimed)))
                    .findFirst()
                    .orElse(MissingNode.getInstance());
            var line = "STIR(%s | %s) is %s here, and %s in the claim"
                    .formatted(
                            shown(claimed.path("target")),
                            shown(claimed.path("reference")),
                            shownScore(score),
                            shownScore(claimed));
            out.println(line + ".");
            if (!agree(score, claimed)) {
                refuted.add(line);
            }
        }
        if (!refuted.isEmpty()) {
            throw new DataException("The claim is not confirmed: %s.".formatted(String.join("; ", refuted)));
        }
        out.println("The claim is confirmed: verdicts are equal, and values within the intervals.");
        out.flush();
    }

    private static Set<List<String>> keys(JsonNode document) {
        return StreamSupport.stream(document.path("directions").spliterator(), false)
                .map(score -> key(document, score))
                .collect(Collectors.toSet());
    }

    /** Returns the network numbers, layers, measure, search and repeat of a score. */
    private static List<String> key(JsonNode document, JsonNode score) {
        var key = new ArrayList<String>();
        for (var role : List.of("target", "reference")) {
            boolean isFirst = score.path(role).equals(document.at("/networks/0/name"));
            key.add((isFirst ? "first " : "second ")
                    + score.path(role + "_layer").asText());
        }
        key.add(score.path("measure").asText());
        key.add(score.at("/search/name").asText());
        key.add(score.at("/search/repeat").asText());
        return key;
    }

    private static JsonNode stir(JsonNode score) {
        return score.path("measures").path(score.path("measure").asText()).path("stir");
    }

    /** Returns whether two scores have the same verdict, and values that agree for each measure. */
    private static boolean agree(JsonNode score, JsonNode other) {
        var measures = new TreeSet<String>();
        score.path("measures").fieldNames().forEachRemaining(measures::add);
        other.path("measures").fieldNames().forEachRemaining(measures::add);
        return score.at(WORD).isTextual()
                && score.at(WORD).equals(other.at(WORD))
                && measures.stream()
                        .flatMap(measure -> COMPARED.stream().map(value -> measure + value))
                        .map(pointer -> "/measures/" + pointer)
                        .allMatch(pointer -> isWithin(score.at(pointer), other.at(pointer))
                                && isWithin(other.at(pointer), score.at(pointer)));
    }

    /** Returns whether a value is in the interval of another, and their intervals are alike. */
    private static boolean isWithin(JsonNode one, JsonNode other) {
        double value = number(one, "value");
        double low = number(other, "low");
        double high = number(other, "high");
        if (Double.isNaN(low) || Double.isNaN(high)) { // undefined, or a value without an interval
            double near = number(other, "value");
            return Double.isNaN(value) ? Double.isNaN(near) : Math.abs(value - near) <= ROUNDING;
        }
        double most = Math.max(ROUNDING, (high - low) / 2);
        return value >= low - ROUNDING
                && value <= high + ROUNDING
                && Math.abs(number(one, "low") - low) <= most
                && Math.abs(number(one, "high") - high) <= most;
    }

    private static double number(JsonNode estimate, String part) {
        return estimate.path(part).asDouble(Double.NaN);
    }

    private static String shownScore(JsonNode score) {
        var stir = stir(score);
        return String.format(
                Locale.ROOT,
                "%.3f [%.2f, %.2f] (%s, %.0f %% accepted)",
                stir.path("value").asDouble(Double.NaN),
                stir.path("low").asDouble(Double.NaN),
                stir.path("high").asDouble(Double.NaN),
                shown(score.at(WORD)),
                100 * score.at("/search/accepted").asDouble(Double.NaN));
    }
}
