package stir.core.study.names;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of two compared networks in all results.
 *
 * @param a the name of the first network
 * @param b the name of the second network
 * @since 0.1.0
 */
public record NetworkNames(String a, String b) {
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9._-]+");

    /**
     * Returns the names: of the layers if both networks are one file, otherwise of the files
     * without their endings, with their folders if the files have one name.
     */
    public static NetworkNames of(String fileA, String layerA, String fileB, String layerB) {
        var names = fileA.equals(fileB)
                ? Stream.of(new NetworkNames(valid(layerA), valid(layerB)))
                : ofFiles(Path.of(fileA), Path.of(fileB));
        return names.filter(pair -> !pair.a.equalsIgnoreCase(pair.b))
                .findFirst()
                .orElseGet(() -> new NetworkNames(ofFile(fileA) + "-a", ofFile(fileB) + "-b"));
    }

    /** Returns the name of a network: that of its file without its endings. */
    public static String ofFile(String file) {
        return valid(fileName(Path.of(file)).replaceFirst("(?<=.)(\\.script|\\.trace)?\\.[^.]+$", ""));
    }

    private static Stream<NetworkNames> ofFiles(Path a, Path b) {
        var names = withoutEndings(fileName(a), fileName(b));
        return Stream.of(
                new NetworkNames(valid(names.a), valid(names.b)),
                new NetworkNames(valid(inFolder(a)), valid(inFolder(b))));
    }

    /** Removes the endings that both names have. */
    private static NetworkNames withoutEndings(String a, String b) {
        var names = new NetworkNames(withoutEnding(a), withoutEnding(b));
        while (true) {
            var shorter = new NetworkNames(withoutEnding(names.a), withoutEnding(names.b));
            var ending = names.a.substring(shorter.a.length());
            if (ending.isEmpty() || !names.b.endsWith(ending) || shorter.a.equals(shorter.b)) {
                return names;
            }
            names = shorter;
        }
    }

    private static String inFolder(Path model) {
        var folder = model.toAbsolutePath().getParent();
        var name = folder == null ? null : folder.getFileName();
        return (name == null ? "" : name + "-") + withoutEnding(fileName(model));
    }

    private static String fileName(Path model) {
        return String.valueOf(model.toAbsolutePath().normalize().getFileName());
    }

    private static String withoutEnding(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Returns a name that can be a folder's: see {@code StudiedModel.checkName}. */
    private static String valid(String name) {
        var valid = NOT_IN_NAMES.matcher(name).replaceAll("-").replaceFirst("^[._-]+", "");
        return valid.isEmpty() ? "network" : valid;
    }

    public List<String> both() {
        return List.of(a, b);
    }
}
