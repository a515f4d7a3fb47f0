package stir.backend.tf;

import stir.api.DataException;

/** Puts TensorFlow's messages into ours. */
final class Messages {
    private static final int LONGEST = 200;

    private Messages() {}

    /** The first line of an exception's message, shortened, without a full stop. */
    static String firstLine(Throwable e) {
        var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        var line = message.lines().findFirst().orElse("").strip();
        line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    /** A graph that contradicts itself. */
    static DataException damaged(String what) {
        return new DataException("The graph is damaged (" + what + "): export the model again.");
    }
}
