package stir.backend.tf.graph;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.StirException;

import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Puts TensorFlow's messages into ours. */
public final class Messages {
    private static final int LONGEST = 200;

    /** What speaks to TensorFlow's own programmers, or is no sentence at all. */
    private static final Pattern INTERNAL =
            Pattern.compile(
                    "\\.(?:cc|h|cpp|java)\\b|::|[Ii]nternal|Exception\\b|Index \\d|[Nn]ull|NodeDef|OpDef|Op<|GraphDef|[Pp]rotobuf|[{}]|\\bsize\\(\\)");

    private Messages() {}

    /** The first line of an exception's message, shortened, without a full stop. */
    public static String firstLine(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        var line = message.lines().findFirst().orElse("").strip();
        line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    /**
     * Does what depends on what is in a file, and names the file in what is thrown.
     *
     * @throws DataException if the file's graph can't be used, whatever TensorFlow makes of it
     */
    public static <T> T naming(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (DataException e) {
            throw names(e, file) ? e : new DataException(inFile(file, e), e, remedies(e));
        } catch (BackendException e) {
            throw names(e, file) ? e : new BackendException(inFile(file, e), e, remedies(e));
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) { // whatever a damaged graph leads to
            throw new DataException(
                    "'%s' can't be used by TensorFlow (%s): export the model again."
                            .formatted(file, reason(e)),
                    e);
        }
    }

    private static Remedy[] remedies(StirException e) {
        return e.refusal().remedies().toArray(Remedy[]::new);
    }

    private static boolean names(StirException e, Path file) {
        return String.valueOf(e.getMessage()).contains(file.toString());
    }

    private static String inFile(Path file, StirException e) {
        var message = String.valueOf(e.getMessage());
        var rest = message.startsWith("The") ? "t" + message.substring(1) : message;
        return "In '%s', %s".formatted(file, rest);
    }

    /** Why a graph is not taken, as the inside of a sentence. */
    public static String reason(RuntimeException e) {
        var message = String.valueOf(e.getMessage()).lines().findFirst().orElse("null");
        var bare =
                message.replaceFirst(
                                "^Converting GraphDef to Graph has failed with an error: '", "")
                        .replaceFirst(" for '?\\{\\{node ([^}]*)}}.*", " at $1")
                        .replaceAll("\\{\\{node ([^}]*)}}", "$1");
        return INTERNAL.matcher(bare).find()
                ? "its parts contradict each other"
                : firstLine(new IllegalArgumentException(bare, e));
    }

    /** A graph that contradicts itself. */
    public static DataException damaged(String what) {
        return new DataException("The graph is damaged (" + what + "): export the model again.");
    }
}
