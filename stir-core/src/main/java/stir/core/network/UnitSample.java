package stir.core.network;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stir.api.UsageException;
import stir.core.math.random.KeyedRandom;

/**
 * A random sample of the units of a layer. It is measured and searched like a layer of its own,
 * under the name {@code layer@10%} or, with a seed other than 0, {@code layer@10%:3}.
 *
 * @param layer the layer's name
 * @param percent the share of its units in percent, above 0 and at most 100
 * @param seed the seed of the choice
 * @see <a href="https://arxiv.org/abs/2306.00183">Nanda et al., Diffused Redundancy in Pre-trained
 *     Representations (2023)</a>
 * @since 0.1.0
 */
public record UnitSample(String layer, double percent, long seed) {
    private static final String PERCENT = "(\\d{1,3}(?:\\.\\d{1,6})?)";
    private static final Pattern NAME = Pattern.compile("(.+)@" + PERCENT + "%(?::(\\d{1,18}))?");
    private static final Pattern UNITS = Pattern.compile("random " + PERCENT + " ?%(?:,? seed (\\d{1,18}))?");

    /** Checks the share. */
    public UnitSample {
        if (!(percent > 0 && percent <= 100)) {
            throw new UsageException(
                    "The share of units must be above 0 and at most 100 %%, not %s %%.".formatted(number(percent)));
        }
    }

    /** Returns the sample that a layer's name stands for; empty for the whole layer. */
    public static Optional<UnitSample> named(String name) {
        var parts = NAME.matcher(name);
        return parts.matches() ? Optional.of(of(parts.group(1), parts, 2)) : Optional.empty();
    }

    /**
     * Parses {@code random 10 %} or {@code random 10 %, seed 3}.
     *
     * @param layer the layer whose units are chosen
     */
    public static UnitSample parse(String layer, String units) {
        var parts = UNITS.matcher(units.trim());
        if (!parts.matches()) {
            throw new UsageException(
                    "'%s' is not a choice of units: write 'random 10 %%', or 'random 10 %%, seed 3'.".formatted(units));
        }
        return of(layer, parts, 1);
    }

    private static UnitSample of(String layer, Matcher parts, int first) {
        var seed =
                Optional.ofNullable(parts.group(first + 1)).map(Long::valueOf).orElse(0L);
        return new UnitSample(layer, Double.parseDouble(parts.group(first)), seed);
    }

    /** Returns the name under which it is measured. */
    public String name() {
        return layer + "@" + number(percent) + "%" + (seed == 0 ? "" : ":" + seed);
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Returns the chosen units, at least one, in ascending order, from 0. */
    int[] units(int size) {
        int count = Math.max(1, (int) Math.round(percent / 100 * size));
        return KeyedRandom.choice(seed, 0, count, size);
    }
}
