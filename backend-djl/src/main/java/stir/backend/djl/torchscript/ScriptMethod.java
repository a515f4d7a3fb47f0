package stir.backend.djl.torchscript;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method of a class in an archive's source.
 *
 * @param self its name for the object that it belongs to
 * @param selfType that object's type
 * @param parameters the parameters after the object
 * @param returns the type of its result
 * @param body its statements and the heads of its blocks, in the order of the source
 */
record ScriptMethod(
        String name,
        String self,
        String selfType,
        List<Parameter> parameters,
        String returns,
        List<ScriptStatement> body) {
    /**
     * Returns the hash of the method's and its class's names, since that of all code takes long.
     */
    @Override
    public int hashCode() {
        return 31 * selfType.hashCode() + name.hashCode();
    }

    /** A parameter; the declaration is the whole text, including a default value. */
    record Parameter(String name, String type, String declaration) {}

    /** Returns the statement that returns the result, the last one; null if there is none. */
    @Nullable
    ScriptStatement result() {
        var last = body.isEmpty() ? null : body.get(body.size() - 1);
        return last != null && last.parent() < 0 && last.begins("return") ? last : null;
    }

    /** Returns the index after the outermost statement that last assigns a variable, or -1. */
    int afterAssignment(String variable) {
        int last = body.size() - 1;
        while (last >= 0 && !body.get(last).targets().contains(variable)) {
            last--;
        }
        return last < 0 ? -1 : end(last);
    }

    /** Returns the index after the outermost statement that contains the one at an index. */
    int end(int index) {
        int end = index + 1;
        while (end < body.size() && body.get(end).parent() >= 0) {
            end++;
        }
        return end;
    }

    /** Returns the variables that outermost statements assign results of calls to. */
    List<String> variables() {
        return body.stream()
                .filter(statement -> !statement.isInControlFlow() && !statement.unpacks())
                .filter(statement -> statement.text().contains("("))
                .filter(statement -> !statement.text().contains(" = getattr("))
                .flatMap(statement -> statement.targets().stream())
                .distinct()
                .toList();
    }
}
