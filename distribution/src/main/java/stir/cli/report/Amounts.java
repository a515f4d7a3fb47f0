package stir.cli.report;

import java.util.Locale;

/** Estimated times and sizes in words. */
final class Amounts {
    private static final double MEGABYTE = 1 << 20;
    private static final double GIGABYTE = 1 << 30;

    private Amounts() {}

    /** Returns a size in memory or on a disk; an estimate has two or three digits at most. */
    static String size(long bytes) {
        if (bytes < MEGABYTE) {
            return "less than 1 MB";
        }
        boolean isLarge = bytes >= GIGABYTE;
        double amount = bytes / (isLarge ? GIGABYTE : MEGABYTE);
        return String.format(
                Locale.ROOT, amount < 10 ? "about %.1f %s" : "about %.0f %s", amount, isLarge ? "GB" : "MB");
    }

    /** Returns a time. */
    static String duration(double seconds) {
        if (seconds < 90) {
            return String.format(Locale.ROOT, "%.0f s", Math.max(1, seconds));
        }
        double minutes = seconds / 60;
        return minutes < 90
                ? String.format(Locale.ROOT, "%.0f min", minutes)
                : String.format(Locale.ROOT, "%.1f h", minutes / 60);
    }
}
