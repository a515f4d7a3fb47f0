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
record NetworkNames(String a, String b) {
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
                        : List.of(ofFiles(a, b), inFolders(a, b));
        return candidates.stream()
                .map(NetworkNames::shortened)
                .filter(names -> !names.a.equals(names.b))
                .findFirst()
                .orElse(LETTERS);
    }

    private static NetworkNames ofFiles(NetworkSummary a, NetworkSummary b) {
        var names = new NetworkNames(withoutEnding(fileName(a)), withoutEnding(fileName(b)));
        while (true) {
            var shorter = new NetworkNames(withoutEnding(names.a), withoutEnding(names.b));
            var ending = names.a.substring(shorter.a.length());
            if (ending.isEmpty() || !names.b.endsWith(ending) || shorter.a.equals(shorter.b)) {
                return names;
            }
            names = shorter;
        }
    }

    private static NetworkNames inFolders(NetworkSummary a, NetworkSummary b) {
        return new NetworkNames(inFolder(a), inFolder(b));
    }

    private static String inFolder(NetworkSummary network) {
        var folder = Path.of(network.model()).toAbsolutePath().getParent();
        var name = folder == null ? null : folder.getFileName();
        return (name == null ? "" : name + "/") + withoutEnding(fileName(network));
    }

    private static String fileName(NetworkSummary network) {
        return String.valueOf(Path.of(network.model()).getFileName());
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
