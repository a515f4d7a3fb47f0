package stir.backend.djl;

import java.util.Optional;
import java.util.regex.Pattern;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.UnknownOperation;

/** A conversion of libtorch's failures, which contain a page of native stack, into one sentence. */
final class LibtorchFailures {
    private static final Pattern NO_DERIVATIVE = Pattern.compile("derivative for (?:aten::)?(\\S+) is not implemented");
    private static final String UNKNOWN_HERE =
            "%s calls %s, which PyTorch 2.7 does not have: choose an earlier layer, or export it with that version, or by torch.jit.trace, which omits uncalled code.";
    private static final String OF_ANOTHER_LIBRARY =
            "%s calls %s, which does not belong to PyTorch: choose an earlier layer, or export the network up to there.";
    private static final int MAX_LENGTH = 240;

    /** A line of failures in the interpreter, which end with their cause; others begin with it. */
    private static final String INTERPRETER = "Traceback of TorchScript";

    /** Terms that are meant for libtorch's developers. */
    private static final Pattern INTERNAL = Pattern.compile(
            "INTERNAL ASSERT|report a bug|\\.(?:cpp|cc|h)\\b|::|hasRecord|\\bat\\(|to be true, but got false|_Map_base|bad_alloc|basic_string|[<>]\\(|\\bsto[a-z]+\\b|\\)->");

    private LibtorchFailures() {}

    /**
     * Returns the failure of loading an archive.
     *
     * @param network its file
     * @param purpose the purpose of loading it
     */
    static DataException ofLoad(RuntimeException e, String network, String purpose) {
        return ofUnknownOperation(e, network)
                .orElseGet(() -> new DataException(
                        "PyTorch can't load %s for %s (%s): export it again.".formatted(network, purpose, reason(e)),
                        e));
    }

    private static Optional<DataException> ofUnknownOperation(RuntimeException e, String network) {
        return UnknownOperation.of(text(e))
                .map(operation -> new DataException(
                        (operation.isOwn() ? UNKNOWN_HERE : OF_ANOTHER_LIBRARY)
                                .formatted(network, operation.shortName()),
                        e));
    }

    /**
     * Returns the failure of a pass whose inputs had the right shape.
     *
     * @param network its name or file
     */
    static StirException ofPass(RuntimeException e, String network) {
        if (e instanceof StirException own) {
            return own;
        }
        if (isOutOfMemory(text(e))) {
            return new BackendException(
                    "PyTorch ran out of memory in %s: use a smaller batch size, or another layer.".formatted(network),
                    e);
        }
        return new BackendException(
                "PyTorch failed in %s (%s): export the network again, or choose another layer."
                        .formatted(network, reason(e)),
                e);
    }

    /**
     * Returns the failure of the first pass to a layer, which is due to the network or its input.
     *
     * @param network its name or file
     */
    static StirException ofFirstPass(RuntimeException e, String network, String layer, Shape input) {
        var text = text(e);
        var operator = NO_DERIVATIVE.matcher(text);
        var unknown = ofUnknownOperation(e, network);
        if (unknown.isPresent()) {
            return unknown.get();
        }
        if (e instanceof StirException || isOutOfMemory(text)) {
            return ofPass(e, network);
        }
        if (operator.find()) {
            var name = operator.group(1);
            if (name.equals(FusedAttention.OPERATOR) || name.equals(FusedAttention.ENCODER)) {
                return new DataException(
                        "No gradient is available at %s of %s: %s".formatted(layer, network, FusedAttention.ADVICE), e);
            }
            return new DataException(
                    "No gradient is available at %s of %s, because PyTorch's %s has none: choose an earlier layer, or estimate the gradient."
                            .formatted(layer, network, name),
                    e,
                    Remedy.ESTIMATE_GRADIENT);
        }
        if (text.contains("does not require grad") || text.contains("inference tensor")) {
            return new DataException(
                    "No gradient is available at %s of %s, because the network detaches its values from its input: choose an earlier layer, or estimate the gradient."
                            .formatted(layer, network),
                    e,
                    Remedy.ESTIMATE_GRADIENT);
        }
        if (input.rank() == 0) {
            return new DataException(
                    "%s does not specify the shape of its inputs: specify it, such as 3x224x224.".formatted(network),
                    e,
                    Remedy.GIVE_SHAPE);
        }
        return new DataException(
                "%s does not accept inputs of shape %s (%s): check that shape, or export the network again."
                        .formatted(network, input, reason(e)),
                e);
    }

    private static boolean isOutOfMemory(String text) {
        return text.contains("can't allocate memory")
                || text.contains("out of memory")
                || text.contains("std::bad_alloc");
    }

    private static String text(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Returns the cause of a failure, as part of a sentence. */
    static String reason(RuntimeException e) {
        var lines = text(e).lines()
                .map(line -> line.strip().replaceFirst("^[\\w.]*(?:Error|Exception): ", ""))
                .filter(line -> line.matches(".*[A-Za-z].*"))
                .filter(line -> !line.matches("frame #.*|.*<--- HERE|File \".*"))
                .toList();
        if (lines.isEmpty()) {
            return "no reason is given";
        }
        boolean last = text(e).contains(INTERPRETER);
        var reason = lines.get(last ? lines.size() - 1 : 0).replaceAll("[.:\\s]+$", "");
        if (INTERNAL.matcher(reason).find()) {
            return "its source, attributes and weights are inconsistent";
        }
        return reason.length() <= MAX_LENGTH ? reason : reason.substring(0, MAX_LENGTH) + " ...";
    }
}
