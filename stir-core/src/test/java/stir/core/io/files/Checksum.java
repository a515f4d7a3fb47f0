package stir.core.io.files;

/** The checksum of a document that a test edits. */
public final class Checksum {
    private Checksum() {}

    /** Returns a document's text without a checksum. */
    public static String removed(String text) {
        return text.replaceFirst(",\\s*\"checksum\" : \"\\w+\"", "");
    }

    /** Returns an edited text of several lines with the checksum that {@link JsonFile} would write. */
    public static String renewed(String text) {
        return JsonFile.checked(removed(text));
    }
}
