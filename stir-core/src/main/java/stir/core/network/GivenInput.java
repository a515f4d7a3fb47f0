package stir.core.network;

import java.nio.file.Path;
import java.util.function.Function;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.api.support.WholeNumbers;
import stir.core.io.files.ContentHash;
import stir.core.io.files.ExistingPath;

/**
 * The value of an input of a network that is not searched.
 *
 * @since 0.1.0
 */
public sealed interface GivenInput {
    /**
     * One value for all inputs, which fills the network's input.
     *
     * @param text a number, {@code true} or {@code false}, in capitals or not
     */
    record Constant(String text) implements GivenInput {
        /** Checks that the value is finite. */
        public Constant {
            if (!Float.isFinite(value(text))) {
                throw new UsageException("A side input must be finite, not %s.".formatted(text), Remedy.GIVE_INPUT);
            }
            if (type(text) == SideInputs.Type.INTEGER && Math.abs(Double.parseDouble(text)) > WholeNumbers.LARGEST) {
                throw new UsageException(
                        "A side input must be an integer up to %2$d, not %1$s.".formatted(text, WholeNumbers.LARGEST),
                        Remedy.GIVE_INPUT);
            }
        }

        private static float value(String text) {
            return isTruth(text) ? (text.equalsIgnoreCase("true") ? 1 : 0) : Float.parseFloat(text);
        }

        private static boolean isTruth(String text) {
            return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
        }

        /** Returns the number; of a truth value 0 or 1. */
        float value() {
            return value(text);
        }

        /** Returns its kind, as it was written. */
        SideInputs.Type type() {
            return type(text);
        }

        private static SideInputs.Type type(String text) {
            if (isTruth(text)) {
                return SideInputs.Type.BOOLEAN;
            }
            return text.matches("[+-]?\\d+") ? SideInputs.Type.INTEGER : SideInputs.Type.FLOAT;
        }

        @Override
        public String identity() {
            return "%s %s".formatted(type(), value());
        }
    }

    /**
     * One row per input.
     *
     * @param file a {@code .npy} array, or an {@code .npz} archive with an array of the input's
     *     name
     * @param sha256 the hash of the file
     */
    record OfRows(Path file, String sha256) implements GivenInput {
        @Override
        public String identity() {
            return sha256;
        }
    }

    /** Returns the text that cache keys and documents have: equal for equal values. */
    String identity();

    /**
     * Parses a number, {@code true}, {@code false} or the name of a file with rows.
     *
     * @param path the function that finds the file
     * @throws UsageException if the file does not exist, or the number is not finite
     * @throws DataException if the file can't be read
     */
    static GivenInput parse(String text, Function<String, Path> path) {
        if (isValue(text)) {
            return new Constant(text);
        }
        var file = path.apply(text);
        ExistingPath.checkFileOrFolder(file);
        return new OfRows(file, ContentHash.of(file));
    }

    /** Returns whether a text is a number, {@code true} or {@code false}, and not a file's name. */
    static boolean isValue(String text) {
        try {
            Constant.value(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
