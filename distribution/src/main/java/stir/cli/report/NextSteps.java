package stir.cli.report;

/** The steps that a reader can take next: each a reason, and below it a command to paste. */
final class NextSteps {
    private static final String HEAD = "next    ";
    private static final String INDENT = " ".repeat(HEAD.length());
    private static final String COMMAND = INDENT + "  ";

    private final StringBuilder text = new StringBuilder();

    NextSteps add(String step) {
        text.append(Paragraph.hanging(INDENT, step));
        return this;
    }

    NextSteps add(CommandText command) {
        text.append(command.lines(INDENT));
        return this;
    }

    NextSteps add(String reason, CommandText command) {
        add(reason + ":");
        text.append(command.lines(COMMAND));
        return this;
    }

    /** Returns whether a line has room for a command with a reason. */
    static boolean hasRoom(CommandText command) {
        return command.lines(COMMAND).lines().allMatch(line -> line.length() <= Paragraph.COLUMNS);
    }

    /** Returns the steps in lines of at most {@link Paragraph#COLUMNS} characters. */
    @Override
    public String toString() {
        return text.isEmpty() ? "" : HEAD + text.substring(HEAD.length());
    }
}
