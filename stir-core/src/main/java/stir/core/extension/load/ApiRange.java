package stir.core.extension.load;

import java.lang.module.ModuleDescriptor.Version;
import java.util.regex.Pattern;
import stir.api.DataException;

/**
 * A range of versions of {@code stir-api}, which the manifest of a plug-in may state: {@code
 * Stir-Api-Range: [0.1,0.2)} permits 0.1.0 and 0.1.7, but not 0.2.0.
 */
final class ApiRange {
    /** The attribute of the manifest. */
    static final String ATTRIBUTE = "Stir-Api-Range";

    private static final Pattern RANGE = Pattern.compile("([\\[(])\\s*(\\d[\\w.]*)\\s*,\\s*(\\d[\\w.]*)\\s*([\\])])");

    private ApiRange() {}

    /**
     * Checks that a unit was built for this version of Stir.
     *
     * @param unit the jar or folder, for messages
     * @param range the range, as the manifest states it
     * @param version the version of Stir
     * @throws DataException if the version is outside the range, or the range is invalid
     */
    static void check(String unit, String range, String version) {
        var parts = RANGE.matcher(range.strip());
        if (!parts.matches()) {
            throw new DataException(
                    "%s declares '%s' for %s, which is not a range like [0.1,0.2): correct its manifest."
                            .formatted(unit, range, ATTRIBUTE));
        }
        int aboveLowest = compare(version, parts.group(2));
        int aboveHighest = compare(version, parts.group(3));
        boolean isWithin = (parts.group(1).equals("[") ? aboveLowest >= 0 : aboveLowest > 0)
                && (parts.group(4).equals("]") ? aboveHighest <= 0 : aboveHighest < 0);
        if (!isWithin) {
            throw new DataException(
                    "%s was built for stir-api %s, and this is Stir %s: install a version for this Stir, or remove it."
                            .formatted(unit, range, version));
        }
    }

    private static int compare(String version, String end) {
        return Version.parse(version.replaceFirst("-.*", "")).compareTo(Version.parse(end));
    }
}
