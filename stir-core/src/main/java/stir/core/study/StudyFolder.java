package stir.core.study;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where the parts of a study lie in its folder.
 *
 * <pre>
 * study.json                            models, layers, hashes, settings, versions, how to repeat it
 * results.csv                           one row a value
 * inputs.npy, inputs.csv                the inputs, and their names and labels
 * seeds/SEARCH/repeat-N.npy             where searches began
 * inversions/MODEL/LAYER/SEARCH/repeat-N/invariant.npy, inversion.json
 * representations/MODEL/LAYER/inputs.npy
 * representations/MODEL/LAYER/seeds/SEARCH/repeat-N.npy
 * representations/MODEL/LAYER/invariant/MODEL/LAYER/SEARCH/repeat-N.npy   (reference's)
 * similarities/MODEL/LAYER/MODEL/LAYER.json                               (target's, reference's)
 * scores/MODEL/LAYER/MODEL/LAYER/SEARCH/repeat-N.json                     (target's, reference's)
 * logs/run-N.log
 * </pre>
 *
 * Beside each array of representations and seeds lies a .json with what it depends on. A layer's
 * folder has its name, in which what is not a letter, digit, '.', '-', '_', '@' or '#' is '_'; a
 * hash is added where that changed it.
 *
 * @param root the study's folder
 */
record StudyFolder(Path root) {
    private static final int HASH_BYTES = 4;

    Path document() {
        return root.resolve("study.json");
    }

    Path table() {
        return root.resolve("results.csv");
    }

    Path inputs() {
        return root.resolve("inputs.npy");
    }

    Path inputsTable() {
        return root.resolve("inputs.csv");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path seeds(SearchRun run) {
        return run.file(root.resolve("seeds"), ".npy");
    }

    /** The folder of an inversion. */
    Path inversion(StudiedLayer reference, SearchRun run) {
        return run.file(layer(root.resolve("inversions"), reference), "");
    }

    Path invariant(StudiedLayer reference, SearchRun run) {
        return inversion(reference, run).resolve("invariant.npy");
    }

    Path representations(StudiedLayer at, Shown shown) {
        var folder = layer(root.resolve("representations"), at);
        if (shown instanceof Shown.Seeds seeds) {
            return seeds.run().file(folder.resolve("seeds"), ".npy");
        }
        if (shown instanceof Shown.Invariant invariant) {
            return invariant
                    .run()
                    .file(layer(folder.resolve("invariant"), invariant.reference()), ".npy");
        }
        return folder.resolve("inputs.npy");
    }

    Path similarity(PlannedPair pair) {
        var folder = layer(root.resolve("similarities"), pair.target());
        return folder.resolve(pair.reference().model())
                .resolve(name(pair.reference().layer()) + ".json");
    }

    Path score(PlannedPair pair, SearchRun run) {
        var folder = layer(layer(root.resolve("scores"), pair.target()), pair.reference());
        return run.file(folder, ".json");
    }

    private static Path layer(Path folder, StudiedLayer at) {
        return folder.resolve(at.model()).resolve(name(at.layer()));
    }

    /** A layer's name as a file's. */
    static String name(String layer) {
        var name = layer.replaceAll("[^A-Za-z0-9._@#-]", "_");
        return name.equals(layer) && !name.startsWith(".") ? name : "_" + name + "-" + hash(layer);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)),
                            0,
                            HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
