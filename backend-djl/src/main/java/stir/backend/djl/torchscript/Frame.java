package stir.backend.djl.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method in the context of one call, reached from the network's {@code forward} by a chain of
 * calls.
 *
 * @param caller the frame of the calling method, or null for {@code forward} itself
 * @param call the call, or null for {@code forward} itself
 * @param owner the class of the method
 * @param method the method
 */
record Frame(@Nullable Frame caller, MethodCalls.@Nullable Call call, ScriptClass owner, ScriptMethod method) {
    /** Returns the calls that lead here, outermost first. */
    List<MethodCalls.Call> calls() {
        var calls = new ArrayDeque<MethodCalls.Call>();
        for (var frame = this; frame.caller != null && frame.call != null; frame = frame.caller) {
            calls.push(frame.call);
        }
        return new ArrayList<>(calls);
    }

    /**
     * Returns the value that the call passes as the argument at an index, or null if there is none.
     */
    @Nullable
    SourceValue argument(int index) {
        return caller == null || call == null
                ? null
                : ReachingDefinitions.argument(new SourceValue(caller, call.line(), call.expression()), index);
    }

    /** Returns the path of the method's module, as names from the network down. */
    List<String> path() {
        return calls().stream().flatMap(call -> call.path().stream()).toList();
    }
}
