package stir.core.study.file;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.files.ExistingPath;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Mistake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
 * <p>Keys of a model: name, file, backend, device, settings, mean, std, layout, layers. Of a
 * search, of which there may be a list: name, and the names of the options of {@code stir score}
 * that tell how is searched (preset, optimizer, iterations and so on). Of a pair: reference,
 * reference-layer, target, target-layer.
 *
 * @since 0.1.0
 */
public final class ExperimentFile {
    private final Path path;
    private final FileMistakes mistakes;
    private final ReadableParts parts;
    private final Optional<Experiment> draft;

    private ExperimentFile(
            Path path, FileMistakes mistakes, ReadableParts parts, Optional<Experiment> draft) {
        this.path = path;
        this.mistakes = mistakes;
        this.parts = parts;
        this.draft = draft;
    }

    /**
     * Reads a file. Its mistakes are in the result, not thrown.
     *
     * @throws UsageException if there is no such file, or it can't be read
     */
    public static ExperimentFile read(Path file) {
        var mistakes = new FileMistakes(file);
        var reader = new ExperimentReader(file, mistakes);
        var draft = compose(file, mistakes).flatMap(reader::read);
        return new ExperimentFile(file, mistakes, reader.parts(), draft);
    }

    private static Optional<YamlValue> compose(Path file, FileMistakes mistakes) {
        var settings = LoadSettings.builder().setLabel(file.toString()).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text(file));
            if (root.isEmpty()) {
                mistakes.add(new Mistake("", "The file is empty: list models and inputs."));
            }
            return root.map(node -> new YamlValue(node, "", mistakes));
        } catch (MarkedYamlEngineException e) {
            mistakes.add(e.getProblemMark(), "This is not YAML: %s.".formatted(e.getProblem()));
        } catch (YamlEngineException e) {
            mistakes.add(new Mistake("", "This is not YAML: %s.".formatted(e.getMessage())));
        }
        return Optional.empty();
    }

    private static String text(Path file) {
        ExistingPath.check(List.of(file));
        if (Files.isDirectory(file)) {
            throw new UsageException("%s is a folder: give the experiment's file.".formatted(file));
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException(
                    "%s could not be read as text (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /** The file, as it was named. */
    public Path path() {
        return path;
    }

    /** What is wrong with the file by itself, without opening models or inputs; by lines. */
    public List<Mistake> mistakes() {
        return mistakes.all();
    }

    /**
     * The experiment.
     *
     * @throws UsageException if there are mistakes; the message has all of them, a line each
     */
    public Experiment experiment() {
        var all = mistakes.all();
        if (!all.isEmpty() || draft.isEmpty()) {
            throw new UsageException(lines(all));
        }
        return draft.get();
    }

    public static String lines(List<Mistake> mistakes) {
        return mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n"));
    }

    /** What could be read, without what is mistaken; empty if too little is left. */
    public Optional<Experiment> draft() {
        return draft;
    }

    /** What can be checked where there is no draft. */
    public ReadableParts parts() {
        return parts;
    }

    /**
     * The same file with something else asked for; its lines and mistakes stay.
     *
     * @throws UsageException as the change
     */
    public ExperimentFile changed(UnaryOperator<Experiment> change) {
        return new ExperimentFile(path, mistakes, parts, draft.map(change));
    }

    /** Adds what turned out to be wrong later, at the paths of values. */
    public List<Mistake> with(List<Mistake> more) {
        more.forEach(mistakes::add);
        return mistakes.all();
    }
}
