package stir.cli.report;

import stir.core.study.PairStudy;

import java.nio.file.Path;
import java.util.Map;

/** The names under which people know the networks of a command: those of their files. */
public final class ShownNames {
    private ShownNames() {}

    /** Returns the shown name of the only network. */
    public static Map<String, String> of(Path model) {
        return Map.of(PairStudy.MODEL, stem(model));
    }

    /** Returns the shown names of two networks, which differ. */
    public static Map<String, String> of(Path a, Path b) {
        var first = stem(a);
        var second = stem(b);
        return first.equals(second)
                ? Map.of(PairStudy.A, "a (" + first + ")", PairStudy.B, "b (" + second + ")")
                : Map.of(PairStudy.A, first, PairStudy.B, second);
    }

    /** Returns the name of a file without its endings. */
    private static String stem(Path model) {
        var name = String.valueOf(model.toAbsolutePath().normalize().getFileName());
        var stem = name.replaceFirst("(\\.script)?\\.[A-Za-z][A-Za-z0-9]*$", "");
        return stem.isEmpty() ? name : stem;
    }
}
