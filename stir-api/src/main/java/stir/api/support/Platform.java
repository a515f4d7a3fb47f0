package stir.api.support;

import java.util.Locale;

/**
 * The platform for which native libraries are built.
 *
 * @param system {@code linux}, {@code mac}, {@code windows}, or Java's name for another value, in
 *     lower case
 * @param processor {@code x86_64}, {@code aarch64}, or Java's name for another value, in lower case
 * @since 0.1.0
 */
public record Platform(String system, String processor) {
    /** Returns the platform of this process. */
    public static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** Returns the platform for values of Java's properties {@code os.name} and {@code os.arch}. */
    static Platform of(String osName, String osArch) {
        var name = osName.toLowerCase(Locale.ROOT);
        var architecture = osArch.toLowerCase(Locale.ROOT);
        return new Platform(
                name.startsWith("linux")
                        ? "linux"
                        : name.startsWith("mac") ? "mac" : name.startsWith("windows") ? "windows" : name,
                switch (architecture) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch64";
                    default -> architecture;
                });
    }
}
