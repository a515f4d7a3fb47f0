package stir.cli.report;

import stir.core.inputs.Inputs;
import stir.core.score.DirectedScore;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A table of comma-separated values (RFC 4180) with a line for each input and direction: how well
 * its invariant input was found, and what the other network made of it. What is not known is empty.
 */
final class InputsTable {
    private static final String HEADER =
            "stir,index,name,residual,passes,target-moved,class-before,class-after,label\r\n";

    private final Inputs inputs;

    /** A table of some inputs. */
    InputsTable(Inputs inputs) {
        this.inputs = inputs;
    }

    /**
     * The table.
     *
     * @param directions scores by what they are called, {@code a|b}
     */
    String text(Map<String, DirectedScore> directions) {
        var text = new StringBuilder(HEADER);
        for (var entry : directions.entrySet()) {
            for (int i = 0; i < inputs.count(); i++) {
                text.append(line(entry.getKey(), entry.getValue(), i)).append("\r\n");
            }
        }
        return text.toString();
    }

    private String line(String direction, DirectedScore score, int index) {
        var outcome = score.outcomes().inputs().get(index);
        return String.join(
                ",",
                direction,
                Integer.toString(index),
                ResultTable.inCsv(inputs.name(index)),
                Double.toString(score.inversion().residual(index)),
                Integer.toString(score.inversion().passes(index)),
                text(outcome.targetMoved()),
                text(outcome.classBefore()),
                text(outcome.classAfter()),
                text(inputs.label(index)));
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : "";
    }

    private static String text(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }
}
