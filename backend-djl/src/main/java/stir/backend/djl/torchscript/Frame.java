package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A method as it runs for one call, reached from the network's {@code forward} by a chain of calls.
 *
 * @param caller the frame that makes the call, or null for {@code forward} itself
 * @param call the call, or null for {@code forward} itself
 * @param owner the class that the method belongs to
 * @param method the method
 */
record Frame(
        @Nullable Frame caller,
        ModuleCalls.@Nullable Call call,
        ScriptClass owner,
        ScriptMethod method) {
    /** Returns the frame that a way's last call is made in. */
    static Frame of(ScriptClass root, ScriptMethod forward, List<ModuleCalls.Step> way) {
        var frame = new Frame(null, null, root, forward);
        for (int i = 1; i < way.size(); i++) {
            var step = way.get(i);
            frame = new Frame(frame, way.get(i - 1).call(), step.owner(), step.method());
        }
        return frame;
    }

    /** Returns the calls that lead here, the outermost first. */
    List<ModuleCalls.Call> calls() {
        var calls = new ArrayDeque<ModuleCalls.Call>();
        for (var frame = this; frame.caller != null && frame.call != null; frame = frame.caller) {
            calls.push(frame.call);
        }
        return new ArrayList<>(calls);
    }

    /** Returns the path of the module that the method runs on. */
    List<String> path() {
        return calls().stream().flatMap(call -> call.path().stream()).toList();
    }
}
