package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import stir.core.inputs.Inputs;
import stir.report.Vocabulary;

/**
 * The nearest tokens of inputs and of their invariant inputs.
 *
 * @param changed the mean share of positions whose nearest token is another one
 * @param inputs one per input, in their order
 */
public record NearestTokens(double changed, List<OfInput> inputs) {
    /** The inputs that are shown in text. */
    private static final int SHOWN = 3;

    /**
     * The tokens of an input.
     *
     * @param changed the number of positions whose nearest token is another one
     * @param before the tokens of the input
     * @param after the tokens of the invariant input
     */
    public record OfInput(String input, int changed, List<String> before, List<String> after) {}

    /** Returns the tokens of inputs and of their invariant inputs. */
    public static NearestTokens of(Vocabulary vocabulary, Inputs inputs, Inputs invariant) {
        var indices = IntStream.range(0, invariant.count()).toArray();
        var before = vocabulary.nearest(inputs, indices);
        var after = vocabulary.nearest(invariant, indices);
        var all = new ArrayList<OfInput>();
        double share = 0;
        for (int i : indices) {
            int changed = Vocabulary.changed(before.get(i), after.get(i));
            all.add(new OfInput(inputs.name(i), changed, before.get(i), after.get(i)));
            share += (double) changed / before.get(i).size();
        }
        return new NearestTokens(share / indices.length, all);
    }

    /** Returns the share and the first inputs, in lines of at most 80 characters. */
    String text() {
        var text = new StringBuilder();
        text.append(Paragraph.hanging(
                "tokens  ", "the nearest token changed at %s of the positions.".formatted(TextTable.percent(changed))));
        for (var one : inputs.subList(0, Math.min(SHOWN, inputs.size()))) {
            text.append(line(one.input + ": ", one.before)).append(line("found: ", one.after));
        }
        return text.toString();
    }

    private static String line(String head, List<String> tokens) {
        return "  " + Paragraph.shortened(head + String.join(" ", tokens), Paragraph.COLUMNS - 2) + "\n";
    }
}
