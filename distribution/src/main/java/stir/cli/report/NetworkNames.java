package stir.cli.report;

import stir.core.network.Network;
import stir.core.network.NetworkSummary;
import stir.core.study.StoredStudy;

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
        return candidates(a.model(), a.layer(), b.model(), b.layer()).stream()
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

    /** Returns the names of two open networks, in full, for the progress. */
    public static NetworkNames ofOpen(Network a, Network b) {
        return inFull(a.name(), a.layer(), b.name(), b.layer());
    }

    /** Returns the names of both networks of a stored score, in full. */
    public static NetworkNames ofStored(StoredStudy.Model a, StoredStudy.Model b) {
        return inFull(a.file(), layer(a), b.file(), layer(b));
    }

    private static String layer(StoredStudy.Model model) {
        return model.layers().get(0).at().layer();
    }

    /** Returns names of any length, with the letters if nothing else distinguishes them. */
    private static NetworkNames inFull(String a, String layerOfA, String b, String layerOfB) {
        return candidates(a, layerOfA, b, layerOfB).stream()
                .filter(names -> !names.a.equals(names.b))
                .findFirst()
                .orElseGet(
                        () ->
                                new NetworkNames(
                                        ofFile(Path.of(a)) + " (a)", ofFile(Path.of(b)) + " (b)"));
    }

    private static List<NetworkNames> candidates(
            String a, String layerOfA, String b, String layerOfB) {
        return a.equals(b)
                ? List.of(new NetworkNames(layerOfA, layerOfB))
                : inFolders(Path.of(a), Path.of(b));
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
