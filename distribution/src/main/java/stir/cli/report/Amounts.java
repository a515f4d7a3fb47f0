package stir.cli.report;

import java.util.Locale;

/** Estimated times and sizes in words. */
final class Amounts {
    private static final double MEGABYTE = 1 << 20;

    private Amounts() {}

    /** Returns a size in memory or on a disk; an estimate has two or three digits at most. */
    static String megabytes(long bytes) {
        double megabytes = bytes / MEGABYTE;
        if (megabytes < 1) {
            return "less than 1 MB";
        }
        return String.format(
                Locale.ROOT, megabytes < 10 ? "about %.1f MB" : "about %.0f MB", megabytes);
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
