package stir.core.store;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.files.Sha256;
import stir.core.inversion.ResultFolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file that tells what a folder of results belongs to, and, when they are complete, what they
 * are: lines of {@code name: value}, the last of which is the hash of those before it.
 *
 * @param identity what they belong to
 * @param results facts about complete results; empty while the work goes on
 */
record Manifest(Identity identity, Map<String, String> results) {
    /** The file's name. */
    static final String FILE = ResultFolder.MANIFEST;

    private static final String FIRST_LINE = "# What these results belong to; do not edit.\n";
    private static final int MOST_TOLD = 3;
    private static final String RESULT = "result ";
    private static final String HASH = "sha256 of the lines above: ";

    /** The manifest of work that goes on. */
    static Manifest of(Identity identity) {
        return new Manifest(identity, Map.of());
    }

    /**
     * Reads a folder's manifest; empty if it has none.
     *
     * @throws DataException if it is damaged
     */
    static Optional<Manifest> read(Path folder) {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, e), e);
        }
        int end = text.lastIndexOf(HASH);
        if (end < 0
                || !text.startsWith(FIRST_LINE)
                || !text.substring(end).equals(lastLine(text.substring(0, end)))) {
            throw new DataException(
                    "%s is damaged, so what the folder belongs to is not known: remove the folder, or name another one with --out."
                            .formatted(file));
        }
        var identity = new LinkedHashMap<String, String>();
        var results = new LinkedHashMap<String, String>();
        text.substring(FIRST_LINE.length(), end)
                .lines()
                .forEach(
                        line -> {
                            int colon = line.indexOf(": ");
                            var name = line.substring(0, colon);
                            var value = line.substring(colon + 2);
                            if (name.startsWith(RESULT)) {
                                results.put(name.substring(RESULT.length()), value);
                            } else {
                                identity.put(name, value);
                            }
                        });
        return Optional.of(new Manifest(new Identity(identity), results));
    }

    private static String lastLine(String text) {
        return HASH + Sha256.of(text) + "\n";
    }

    /** What the file holds. */
    String text() {
        var text = new StringBuilder(FIRST_LINE).append(identity.text());
        results.forEach(
                (name, value) ->
                        text.append(RESULT).append(name).append(": ").append(value).append('\n'));
        return text + lastLine(text.toString());
    }

    /**
     * Checks that a folder is for what is asked for.
     *
     * @param asked what is asked for
     * @param folder as messages name it
     * @throws UsageException if it belongs to other settings
     */
    void checkIs(Identity asked, Path folder) {
        var differences = asked.differencesFrom(identity);
        int more = differences.size() - MOST_TOLD;
        if (more > 0) {
            differences = new ArrayList<>(differences.subList(0, MOST_TOLD));
            differences.add("and %d more".formatted(more));
        }
        if (!differences.isEmpty()) {
            throw new UsageException(
                    "%s belongs to other settings (%s): name another folder with --out, or replace the results in it with --force."
                            .formatted(folder, String.join("; ", differences)));
        }
    }
}
