package stir.backend.djl.libtorch;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An operation that this libtorch does not support, because it belongs to a newer PyTorch or to
 * another library. libtorch rejects an archive whose source names one, even if it is never called:
 * {@code torch.nn.functional.interpolate}, scripted, names all its variants.
 *
 * @param name the operation's name with its library, such as {@code aten::relu}
 */
public record UnknownOperation(String name) {
    private static final String OWN = "aten::";
    private static final String LIBTORCHS_MESSAGE = "Unknown builtin op: ";
    private static final Pattern FAILURE = Pattern.compile(LIBTORCHS_MESSAGE + "(\\w+::\\w+)");

    /** Returns whether it is one of PyTorch's own operations. */
    public boolean isOwn() {
        return name.startsWith(OWN);
    }

    /** Returns the name by which source calls it. */
    public String shortName() {
        return isOwn() ? name.substring(OWN.length()) : name;
    }

    /** Returns the operation that a failure of libtorch or of {@link #fails} is about. */
    public static Optional<UnknownOperation> of(String failure) {
        return FAILURE.matcher(failure).results().findFirst().map(match -> new UnknownOperation(match.group(1)));
    }

    /**
     * Returns source in which each call of the operation fails when it is reached, and not before.
     * Only calls in the form that PyTorch writes for an operation with one result are changed.
     *
     * @param source a file's text
     */
    public String fails(String source) {
        var called = isOwn() ? "torch." + shortName() : "ops." + name.replace("::", ".");
        var call = Pattern.compile("^( *)(\\w+ =|return) " + Pattern.quote(called) + "\\(.*\\)$", Pattern.MULTILINE);
        return call.matcher(source)
                .replaceAll("$1ops.prim.RaiseException(\"%s%s\")\n$1$2 torch.zeros([1])"
                        .formatted(LIBTORCHS_MESSAGE, name));
    }
}
