package stir.image;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The output of a command as a page shows it, compared line by line. Numbers with decimals and
 * percentages may differ by one unit of the last digit, other numbers not at all. Times, dates,
 * spacing and the folders of absolute paths are free, and a line {@code ...} stands for any lines.
 * Where numbers are not compared, sentences that some numbers alone have are left out of both.
 */
final class ShownOutput {
    private static final Pattern FOLDERS = Pattern.compile("(?<![\\w./:])/([^\\s/\"'`]+/)+");
    private static final Pattern TIMES =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d([T ]\\d\\d:\\d\\d(:\\d\\d)?Z?)?|\\d+(:\\d\\d)+"
                    + "|\\b\\d+(\\.\\d+)? ?(ms|s|min|h|seconds?|minutes?|hours?)\\b");
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\w.])-?(?:\\d+(\\.\\d+)?|(\\.\\d+))([eE][-+]?\\d+)?(?!\\.?\\w)");
    private static final Pattern PERCENT = Pattern.compile("^ ?%");

    /** Sentences on a class of inputs or on shared metamers, which stand or fall with a value. */
    private static final Pattern OF_NUMBERS = Pattern.compile(
            "(?m)^\\S+ shares less of class [^()]*\\([^)]*\\),\\s+p\\s[^\\n]*\\n| +up to a rotation or offset: [^\\n]*\\n");

    /** Any lines. */
    private static final String ANY = "...";

    private final List<String> shown;
    private final List<String> actual;
    private final boolean comparesNumbers;
    private int matched;

    private ShownOutput(String shown, String actual, boolean comparesNumbers) {
        this.shown = lines(comparesNumbers ? shown : OF_NUMBERS.matcher(shown).replaceAll(""));
        this.actual =
                lines(comparesNumbers ? actual : OF_NUMBERS.matcher(actual).replaceAll(""));
        this.comparesNumbers = comparesNumbers;
    }

    /**
     * Compares two texts.
     *
     * @param comparesNumbers whether numbers must agree, as they do on one kind of machine
     * @return the first shown line that is missing, counted from 1, with the reason; empty if the
     *     texts agree
     */
    static Optional<Difference> between(String shown, String actual, boolean comparesNumbers) {
        var output = new ShownOutput(shown, actual, comparesNumbers);
        return output.agrees(0, 0) ? Optional.empty() : Optional.of(output.difference());
    }

    /**
     * A difference.
     *
     * @param line the number of the shown line from 1; one more than there are lines if the actual
     *     output goes on
     * @param expected the shown line
     */
    record Difference(int line, String expected) {}

    private Difference difference() {
        var expected = matched < shown.size() ? shown.get(matched) : "the end of the output";
        return new Difference(matched + 1, expected);
    }

    private static List<String> lines(String text) {
        return text.stripTrailing().lines().toList();
    }

    private boolean agrees(int next, int nextActual) {
        matched = Math.max(matched, next);
        if (next == shown.size()) {
            return nextActual == actual.size();
        }
        if (shown.get(next).strip().equals(ANY)) {
            for (int end = nextActual; end <= actual.size(); end++) {
                if (agrees(next + 1, end)) {
                    return true;
                }
            }
            return false;
        }
        return nextActual < actual.size()
                && agree(shown.get(next), actual.get(nextActual))
                && agrees(next + 1, nextActual + 1);
    }

    private boolean agree(String line, String actualLine) {
        var expected = normalised(line);
        var actualText = normalised(actualLine);
        var numbers = NUMBER.matcher(expected).results().toList();
        var actualNumbers = NUMBER.matcher(actualText).results().toList();
        if (numbers.size() != actualNumbers.size()
                || !NUMBER.matcher(expected)
                        .replaceAll("#")
                        .equals(NUMBER.matcher(actualText).replaceAll("#"))) {
            return false;
        }
        for (int i = 0; comparesNumbers && i < numbers.size(); i++) {
            if (!agree(numbers.get(i), expected, actualNumbers.get(i).group())) {
                return false;
            }
        }
        return true;
    }

    private boolean agree(MatchResult number, String line, String actualNumber) {
        var expected = new BigDecimal(number.group());
        var difference = expected.subtract(new BigDecimal(actualNumber)).abs().doubleValue();
        boolean isRounded = number.group(1) != null
                || number.group(2) != null
                || number.group(3) != null
                || PERCENT.matcher(line.substring(number.end())).find();
        double unit = isRounded ? expected.ulp().doubleValue() : 0;
        return difference <= unit * (1 + 1e-9);
    }

    private static String normalised(String line) {
        var withoutFolders = FOLDERS.matcher(line.strip()).replaceAll("/");
        return TIMES.matcher(withoutFolders)
                .replaceAll("TIME")
                .replaceAll("TIME( TIME)+", "TIME")
                .replaceAll("\\s+", " ");
    }
}
