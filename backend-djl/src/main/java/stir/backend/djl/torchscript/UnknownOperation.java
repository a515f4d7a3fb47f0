package stir.backend.djl.torchscript;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An operation that this libtorch does not know, because a newer PyTorch or another library brought
 * it. libtorch refuses an archive whose source names one, even where it is never called: {@code
 * torch.nn.functional.interpolate}, scripted, names all of its ways.
 *
 * @param name with its library, such as {@code aten::relu}
 */
public record UnknownOperation(String name) {
    private static final String OWN = "aten::";
    private static final String LIBTORCHS_WORDS = "Unknown builtin op: ";
    private static final Pattern FAILURE = Pattern.compile(LIBTORCHS_WORDS + "(\\w+::\\w+)");

    /** Returns whether it is one of PyTorch's own. */
    public boolean isOwn() {
        return name.startsWith(OWN);
    }

    /** What its callers know it by. */
    public String shortName() {
        return isOwn() ? name.substring(OWN.length()) : name;
    }

    /** Returns the one that a failure of libtorch, or of a source that {@link #fails}, is about. */
    public static Optional<UnknownOperation> of(String failure) {
        return FAILURE.matcher(failure)
                .results()
                .findFirst()
                .map(found -> new UnknownOperation(found.group(1)));
    }

    /**
     * Returns a source in which whatever calls it fails at that moment, and not before. Calls of other
     * forms than PyTorch writes for an operation that gives one tensor stay as they are.
     *
     * @param source a file's text
     */
    String fails(String source) {
        var called = isOwn() ? "torch." + shortName() : "ops." + name.replace("::", ".");
        var call =
                Pattern.compile(
                        "^( *)(\\w+ =|return) " + Pattern.quote(called) + "\\(.*\\)$",
                        Pattern.MULTILINE);
        return call.matcher(source)
                .replaceAll(
                        "$1ops.prim.RaiseException(\"%s%s\")\n$1$2 torch.zeros([1])"
                                .formatted(LIBTORCHS_WORDS, name));
    }
}
