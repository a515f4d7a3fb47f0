package stir.backend.djl.torchscript;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import stir.api.UsageException;

/**
 * A user's name of a place in a network.
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code layer1.0.relu}</td><td>the result of the submodule's last call</td></tr>
 * <tr><td>{@code path#1}</td><td>the result of its second call</td></tr>
 * <tr><td>{@code path@in}</td><td>the first argument of the call</td></tr>
 * <tr><td>{@code path[0]}, {@code path[1][0]}, {@code path["out"]}</td><td>an element of the tuple, list or dictionary that it returns</td></tr>
 * <tr><td>{@code path:x1}, {@code :x1}</td><td>a variable in the archive's source of the submodule, or of the network itself</td></tr>
 * </table>
 *
 * @param path the submodule's names from the network inwards; empty for the network itself
 * @param variable the variable's name, or null
 * @param call the number of the call, from 0; empty for the last
 * @param input whether the place is the argument instead of the returned value
 * @param element the element with its square brackets, such as {@code [1][0]}, or null
 */
record HookPath(
        List<String> path,
        @Nullable String variable,
        OptionalInt call,
        boolean input,
        @Nullable String element) {
    private static final Pattern FORM = Pattern.compile(
            "([^:#@\\[\\]]*)(?::(\\w+))?(?:#(\\d{1,6}))?(@in)?((?:\\[(?:\\d{1,6}|\"[^\"\\\\]*\")]){1,9})?");

    /**
     * Parses a name.
     *
     * @throws UsageException if it has none of these forms
     */
    static HookPath parse(String name) {
        var form = FORM.matcher(name);
        if (!form.matches() || (form.group(1).isEmpty() && form.group(2) == null)) {
            throw new UsageException(
                    "'%s' is not a layer's name: use a module's path like layer1.0.relu, with #1 for its second call, @in for its input, [0] for an element or :x for a variable."
                            .formatted(name));
        }
        return new HookPath(
                form.group(1).isEmpty() ? List.of() : List.of(form.group(1).split("\\.", -1)),
                form.group(2),
                form.group(3) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(form.group(3))),
                form.group(4) != null,
                form.group(5));
    }

    /** Returns the submodule's path as PyTorch writes it. */
    String module() {
        return String.join(".", path);
    }
}
