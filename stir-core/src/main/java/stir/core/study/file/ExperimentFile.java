package stir.core.study.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.files.ExistingPath;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Problem;

/**
 * An experiment written in YAML (1.2). Paths in it are relative to the file.
 *
 * <pre>{@code
 * models:
 *   - name: plain
 *     file: plain.pt
 *     layers: [layer2, "layer3.*"]
 *   - name: robust
 *     file: robust.onnx
 *     mean: [0.5]
 *     std: [0.25]
 * inputs: {path: digits, limit: 200}
 * measures: [linear-cka]
 * search: {optimizer: fast, iterations: 100}
 * repeats: 1
 * pairs: all
 * }</pre>
 *
 * <p>Keys of a model: name, file, head, group or factors, backend, device, settings, mean, std,
 * layout, layers; of one that is stored arrays: name, group or factors, arrays, ids, layout. A
 * search, or a list of searches: a name, and options of {@code stir score} that configure the
 * search (preset, optimizer, iterations and so on). Of a pair: reference, reference-layer, target,
 * target-layer; the reference may be a list of models that are matched together, with
 * reference-weights.
 *
 * @since 0.1.0
 */
public final class ExperimentFile {
    /** Far more than thousands of models and long notes need. */
    private static final long MOST_BYTES = 2_000_000;

    /** Far more than the levels of an experiment. */
    private static final int MOST_LEVELS = 100;

    private final Path path;
    private final FileProblems problems;
    private final ReadableParts parts;
    private final Optional<Experiment> draft;

    private ExperimentFile(Path path, FileProblems problems, ReadableParts parts, Optional<Experiment> draft) {
        this.path = path;
        this.problems = problems;
        this.parts = parts;
        this.draft = draft;
    }

    /**
     * Reads a file. Its problems are in the result, not thrown.
     *
     * @throws UsageException if there is no such file, or it can't be read
     */
    public static ExperimentFile read(Path file) {
        var problems = new FileProblems(file);
        var reader = new ExperimentReader(file, problems);
        var draft = compose(file, problems).flatMap(reader::read);
        return new ExperimentFile(file, problems, reader.parts(), draft);
    }

    private static Optional<YamlValue> compose(Path file, FileProblems problems) {
        var settings = LoadSettings.builder().setLabel(file.toString()).build();
        var text = text(file);
        try {
            if (isTooDeep(parser(settings, text))) {
                problems.add(new Problem(
                        "", "This is not an experiment: it is nested deeper than %d levels.".formatted(MOST_LEVELS)));
                return Optional.empty();
            }
            Optional<Node> root = new Composer(settings, parser(settings, text)).getSingleNode();
            if (root.isEmpty()) {
                problems.add(new Problem("", "The file is empty: list models and inputs."));
            }
            return root.map(node -> new YamlValue(node, "", problems));
        } catch (MarkedYamlEngineException e) {
            problems.add(e.getProblemMark(), "This is not YAML: %s.".formatted(e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem("", "This is not YAML: %s.".formatted(e.getMessage())));
        }
        return Optional.empty();
    }

    private static Parser parser(LoadSettings settings, String text) {
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    /**
     * Returns whether the nodes would be nested so deeply that composing them overflows the stack.
     */
    private static boolean isTooDeep(Iterator<Event> events) {
        int level = 0;
        while (events.hasNext()) {
            var event = events.next();
            if (event instanceof CollectionStartEvent) {
                level++;
            } else if (event instanceof CollectionEndEvent) {
                level--;
            }
            if (level > MOST_LEVELS) {
                return true;
            }
        }
        return false;
    }

    private static String text(Path file) {
        ExistingPath.checkFileOrFolder(file);
        if (Files.isDirectory(file)) {
            throw new UsageException("%s is a folder: specify the experiment file.".formatted(file));
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new UsageException("%s is larger than %d MB: is it an experiment file? If so, shorten the notes."
                        .formatted(file, MOST_BYTES / 1_000_000));
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("%s could not be read as text (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /** Returns the path as it was given. */
    public Path path() {
        return path;
    }

    /** Returns the problems of the file itself, without opening models or inputs; by lines. */
    public List<Problem> problems() {
        return problems.all();
    }

    /**
     * Returns the experiment.
     *
     * @throws UsageException if there are problems; the message has all of them, one per line
     */
    public Experiment experiment() {
        var all = problems.all();
        if (!all.isEmpty() || draft.isEmpty()) {
            throw new UsageException(lines(all));
        }
        return draft.get();
    }

    public static String lines(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    /** Returns the parts without problems; empty if too little is left. */
    public Optional<Experiment> draft() {
        return draft;
    }

    /** Returns the parts to check if there is no draft. */
    public ReadableParts parts() {
        return parts;
    }

    /**
     * Returns the same file with another experiment; its lines and problems stay.
     *
     * @throws UsageException as the change
     */
    public ExperimentFile changed(UnaryOperator<Experiment> change) {
        return new ExperimentFile(path, problems, parts, draft.map(change));
    }

    /** Adds later problems, at the paths of values, and returns all. */
    public List<Problem> with(List<Problem> more) {
        more.forEach(problems::add);
        return problems.all();
    }
}
