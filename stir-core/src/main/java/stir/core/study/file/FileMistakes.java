package stir.core.study.file;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

import stir.api.Refusal;
import stir.core.study.plan.Mistake;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what is wrong with a file, and remembers the line of every value. */
final class FileMistakes {
    private record At(int line, Mistake mistake) {}

    private final Path file;
    private final List<At> found = new ArrayList<>();
    private final Map<String, Integer> lines = new HashMap<>();

    FileMistakes(Path file) {
        this.file = file;
    }

    /** Remembers where a value stands. */
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
        found.add(new At(line, new Mistake(file + ":" + line, refusal)));
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(0) + 1;
    }

    /** Adds a mistake whose place is the path of a value. */
    void add(Mistake mistake) {
        add(lineOf(mistake.place()), mistake.refusal());
    }

    /** The line of a value, or of the nearest one around it. */
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

    /** All mistakes, by their lines. */
    List<Mistake> all() {
        return found.stream()
                .sorted(Comparator.comparingInt(At::line))
                .map(At::mistake)
                .distinct()
                .toList();
    }
}
