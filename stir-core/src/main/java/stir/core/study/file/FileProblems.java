package stir.core.study.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import stir.api.Refusal;
import stir.core.study.plan.Problem;

/** The problems of a file, and the lines of its values. */
final class FileProblems {
    private record At(int line, Problem problem) {}

    private final Path file;
    private final List<At> problems = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    FileProblems(Path file) {
        this.file = file;
    }

    /** Stores the line of a value. */
    void remember(String path, Node node) {
        lines.put(path, line(node.getStartMark()));
    }

    void add(Node node, String sentence) {
        add(node.getStartMark(), sentence);
    }

    void add(Optional<Mark> mark, String sentence) {
        add(line(mark), new Refusal(sentence));
    }

    private void add(int line, Refusal refusal) {
        problems.add(new At(line, new Problem(file + ":" + line, refusal)));
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(0) + 1;
    }

    /** Adds a problem whose place is the path of a value. */
    void add(Problem problem) {
        add(lineOf(problem.place()), problem.refusal());
    }

    /** Returns the line of a value, or of the nearest one around it. */
    private int lineOf(String path) {
        for (var at = path; ; at = at.substring(0, Math.max(0, end(at)))) {
            var line = lines.get(at);
            if (line != null || at.isEmpty()) {
                return line == null ? 1 : line;
            }
        }
    }

    private static int end(String path) {
        return Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    }

    /** Returns all problems, by their lines. */
    List<Problem> all() {
        return problems.stream()
                .sorted(Comparator.comparingInt(At::line))
                .map(At::problem)
                .distinct()
                .toList();
    }
}
