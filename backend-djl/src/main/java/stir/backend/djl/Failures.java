package stir.backend.djl;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.StirException;
import stir.backend.djl.torchscript.FusedAttention;

import java.util.regex.Pattern;

/** Turns libtorch's failures, which come with a page of native stack, into a sentence. */
final class Failures {
    private static final Pattern NO_DERIVATIVE =
            Pattern.compile("derivative for (?:aten::)?(\\S+) is not implemented");
    private static final int LONGEST = 240;

    private Failures() {}

    /** A failure of a pass whose inputs were of the right shape. */
    static StirException ofPass(RuntimeException e) {
        if (e instanceof StirException told) {
            return told;
        }
        if (isOutOfMemory(text(e))) {
            return new BackendException("PyTorch ran out of memory: take a smaller batch size.", e);
        }
        return new BackendException("PyTorch failed: " + reason(e) + ".", e);
    }

    /** A failure of the first pass to a layer, which tells about the network and its input. */
    static StirException ofFirstPass(RuntimeException e, String layer, String inputs) {
        var text = text(e);
        var operator = NO_DERIVATIVE.matcher(text);
        if (e instanceof StirException || isOutOfMemory(text)) {
            return ofPass(e);
        }
        if (operator.find()) {
            var name = operator.group(1);
            return new DataException(
                    name.equals(FusedAttention.OPERATOR) || name.equals(FusedAttention.ENCODER)
                            ? "There is no gradient up to " + layer + ": " + FusedAttention.ADVICE
                            : "There is no gradient up to %s, since PyTorch's %s has none: take a layer before it."
                                    .formatted(layer, name),
                    e);
        }
        if (text.contains("does not require grad") || text.contains("inference tensor")) {
            return new DataException(
                    "There is no gradient up to %s, since the network detaches what it computes from its input: take a layer before that."
                            .formatted(layer),
                    e);
        }
        return new DataException(
                "The network does not take %s: %s.".formatted(inputs, reason(e)), e);
    }

    private static boolean isOutOfMemory(String text) {
        return text.contains("can't allocate memory") || text.contains("out of memory");
    }

    private static String text(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** The last line that says something, which is where the interpreter names the cause. */
    static String reason(RuntimeException e) {
        var lines = text(e).split("\n", -1);
        for (int i = lines.length - 1; i >= 0; i--) {
            var line = lines[i].strip().replaceFirst("^[\\w.]*(?:Error|Exception): ", "");
            if (line.matches(".*[A-Za-z].*") && !line.startsWith("frame #")) {
                var reason = line.replaceAll("[.:]+$", "");
                return reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + " ...";
            }
        }
        return e.toString();
    }
}
