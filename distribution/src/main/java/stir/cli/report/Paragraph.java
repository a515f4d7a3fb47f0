package stir.cli.report;

/** Text in lines that fit a width, broken between words alone. */
public final class Paragraph {
    private Paragraph() {}

    /**
     * Returns a text after a head, with a line end; its further lines are indented as its first.
     *
     * @param head stays as it is
     * @param text words with a blank in between
     * @param columns how many characters a line has, longer words excepted
     */
    public static String hanging(String head, String text, int columns) {
        var lines = new StringBuilder();
        var line = new StringBuilder(head);
        for (var word : text.split(" ", -1)) {
            if (line.length() > head.length()) {
                if (line.length() + 1 + word.length() > columns) {
                    lines.append(line).append('\n');
                    line.setLength(0);
                    line.append(" ".repeat(head.length()));
                } else {
                    line.append(' ');
                }
            }
            line.append(word);
        }
        return lines.append(line).append('\n').toString();
    }
}
