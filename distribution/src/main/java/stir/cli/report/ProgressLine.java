package stir.cli.report;

import stir.core.runtime.progress.Progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line of progress, in as many words as fit. */
final class ProgressLine {
    private static final int BAR = 24;
    private static final int SHORT_BAR = 8;
    private static final int SHORTEST_TASK = 24;

    private ProgressLine() {}

    /**
     * Returns the line without a bar.
     *
     * @param seconds how long the task has taken
     */
    static String of(Progress progress, double seconds) {
        return progress.task() + ": " + String.join(", ", facts(progress, seconds));
    }

    /**
     * Returns the line with a bar; in a narrow terminal the bar and the text are shorter.
     *
     * @param seconds how long the task has taken
     * @param columns the most characters
     */
    static String of(Progress progress, double seconds, int columns) {
        var facts = new ArrayList<>(facts(progress, seconds));
        for (int bar = BAR; bar > 0; bar -= BAR - SHORT_BAR) {
            var line = bar(progress, bar) + String.join(", ", facts);
            if (line.length() <= columns) {
                return line;
            }
        }
        while (facts.size() > 2) {
            var line = progress.task() + " " + String.join(", ", facts);
            if (line.length() <= columns) {
                return line;
            }
            facts.remove(1); // the share stays, then the latest is worth most
        }
        var told = String.join(", ", facts);
        var line = shortened(progress.task(), columns - told.length() - 1) + " " + told;
        var least = progress.task() + " " + facts.get(0);
        return line.length() <= columns
                ? line
                : least.substring(0, Math.max(0, Math.min(columns, least.length())));
    }

    /**
     * Returns a task in at most that many characters, if it can be shortened so far: long paths
     * lose their middle, so that the part that changes stays visible.
     */
    private static String shortened(String task, int characters) {
        int kept = Math.max(SHORTEST_TASK, characters);
        if (task.length() <= kept) {
            return task;
        }
        int end = kept / 2;
        return task.substring(0, kept - end - 3) + "..." + task.substring(task.length() - end);
    }

    private static String bar(Progress progress, int length) {
        int filled = (int) (length * share(progress));
        return progress.task() + " [" + "#".repeat(filled) + ".".repeat(length - filled) + "] ";
    }

    private static double share(Progress progress) {
        return (double) progress.done() / progress.total();
    }

    private static List<String> facts(Progress progress, double seconds) {
        var facts = new ArrayList<String>();
        facts.add(String.format(Locale.ROOT, "%3.0f %%", 100 * share(progress)));
        double rate = progress.done() / seconds;
        if (rate > 0 && Double.isFinite(rate)) {
            facts.add(String.format(Locale.ROOT, "%.0f passes/s", rate));
            facts.add(duration((progress.total() - progress.done()) / rate) + " left");
        }
        if (!Double.isNaN(progress.residual())) {
            facts.add(String.format(Locale.ROOT, "residual %.4f", progress.residual()));
        }
        return facts;
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60)
                : "%d:%02d".formatted(whole / 60, whole % 60);
    }
}
