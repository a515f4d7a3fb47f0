package stir.backend.tf.graph;

import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.StirException;

/** A conversion of TensorFlow's messages to messages for users. */
public final class TensorFlowMessages {
    private static final int MAX_LENGTH = 200;

    /** Terms that are meant for TensorFlow's developers, or not text at all. */
    private static final Pattern INTERNAL = Pattern.compile(
            "\\.(?:cc|h|cpp|java)\\b|::|[Ii]nternal|Exception\\b|Index \\d|[Nn]ull|NodeDef|OpDef|Op<|GraphDef|[Pp]rotobuf|[{}]|\\bsize\\(\\)");

    private TensorFlowMessages() {}

    /** Returns the first line of an exception's message, shortened, without a full stop. */
    public static String firstLine(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        var line = message.lines().findFirst().orElse("").strip();
        line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
    }

    /**
     * Runs work that depends on a file's content, and names the file in its exceptions.
     *
     * @throws DataException if the file's graph can't be used, whatever exception it causes
     */
    public static <T> T namingFile(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (DataException e) {
            throw isNamedIn(e, file) ? e : new DataException(inFile(file, e), e, remedies(e));
        } catch (BackendException e) {
            throw isNamedIn(e, file) ? e : new BackendException(inFile(file, e), e, remedies(e));
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) { // any failure caused by a damaged graph
            throw new DataException(
                    "'%s' can't be used by TensorFlow (%s): export the model again.".formatted(file, reason(e)), e);
        }
    }

    private static Remedy[] remedies(StirException e) {
        return e.refusal().remedies().toArray(Remedy[]::new);
    }

    private static boolean isNamedIn(StirException e, Path file) {
        return String.valueOf(e.getMessage()).contains(file.toString());
    }

    private static String inFile(Path file, StirException e) {
        var message = String.valueOf(e.getMessage());
        var rest = message.startsWith("The") ? "t" + message.substring(1) : message;
        return "In '%s', %s".formatted(file, rest);
    }

    /** Returns why a graph is rejected, as part of a sentence. */
    public static String reason(RuntimeException e) {
        var message = String.valueOf(e.getMessage()).lines().findFirst().orElse("null");
        var bare = message.replaceFirst("^Converting GraphDef to Graph has failed with an error: '", "")
                .replaceFirst(" for '?\\{\\{node ([^}]*)}}.*", " at $1")
                .replaceAll("\\{\\{node ([^}]*)}}", "$1");
        return INTERNAL.matcher(bare).find()
                ? "its parts are inconsistent"
                : firstLine(new IllegalArgumentException(bare, e));
    }

    /** Returns the exception for an inconsistent graph. */
    public static DataException damaged(String defect) {
        return new DataException("The graph is damaged (" + defect + "): export the model again.");
    }
}
