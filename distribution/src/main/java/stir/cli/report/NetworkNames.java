package stir.cli.report;

import stir.core.network.NetworkSummary;

import java.nio.file.Path;
import java.util.List;

/**
 * Short and distinct names of two compared networks, for people.
 *
 * @param a the name of the first network
 * @param b the name of the second network
 */
public record NetworkNames(String a, String b) {
    /** The names of networks that differ in nothing that could name them. */
    static final NetworkNames LETTERS = new NetworkNames("a", "b");

    /** The number of characters of the longest name. */
    static final int LONGEST = 20;

    /**
     * Returns the names: of the layers if both networks are one file, otherwise of the files
     * without their endings, with their folders if the files have one name.
     */
    static NetworkNames of(NetworkSummary a, NetworkSummary b) {
        var candidates =
                a.model().equals(b.model())
                        ? List.of(new NetworkNames(a.layer(), b.layer()))
                        : inFolders(Path.of(a.model()), Path.of(b.model()));
        return candidates.stream()
                .map(NetworkNames::shortened)
                .filter(names -> !names.a.equals(names.b))
                .findFirst()
                .orElse(LETTERS);
    }

    /** Returns the name of a network: that of its file without its endings. */
    public static String ofFile(Path model) {
        var name = fileName(model.toAbsolutePath().normalize());
        return name.replaceFirst("(?<=.)(\\.script|\\.trace)?\\.[^.]+$", "");
    }

    /**
     * Returns the names of networks by their files, with the folders if the files have one name,
     * and with the letters if that does not distinguish them.
     */
    public static NetworkNames ofFiles(Path a, Path b) {
        return inFolders(a, b).stream()
                .filter(names -> !names.a.equals(names.b))
                .findFirst()
                .orElseGet(() -> new NetworkNames(ofFile(a) + " (a)", ofFile(b) + " (b)"));
    }

    private static List<NetworkNames> inFolders(Path a, Path b) {
        return List.of(
                withoutEndings(fileName(a), fileName(b)),
                new NetworkNames(inFolder(a), inFolder(b)));
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
        return (name == null ? "" : name + "/") + withoutEnding(fileName(model));
    }

    private static String fileName(Path model) {
        return String.valueOf(model.getFileName());
    }

    private static String withoutEnding(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private NetworkNames shortened() {
        return new NetworkNames(Paragraph.shortened(a, LONGEST), Paragraph.shortened(b, LONGEST));
    }

    /** Returns the name of {@code a} or {@code b}; any other text as it is. */
    String of(String letter) {
        return letter.equals("a") ? a : letter.equals("b") ? b : letter;
    }

    /** Returns the name of a direction, {@code STIR(a | b)}. */
    String stir(String target, String reference) {
        return "STIR(%s | %s)".formatted(of(target), of(reference));
    }
}
