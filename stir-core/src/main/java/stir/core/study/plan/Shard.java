package stir.core.study.plan;

import java.util.regex.Pattern;
import stir.api.Experimental;
import stir.api.UsageException;

/**
 * One of several processes that share a stage of a study's work.
 *
 * @param index the index of the shard, from 0
 * @param count the number of shards
 * @since 0.1.0
 */
@Experimental
public record Shard(int index, int count) {
    /** The only shard. */
    public static final Shard WHOLE = new Shard(0, 1);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})/([0-9]{1,7})");

    /** Checks the index and the count. */
    public Shard {
        if (count < 1 || index < 0 || index >= count) {
            throw new UsageException(
                    count < 1
                            ? "There is no shard of %d: use a form such as 0/1.".formatted(count)
                            : "There is no shard %d/%d: %d shards are counted from 0/%d to %d/%d."
                                    .formatted(index, count, count, count, count - 1, count));
        }
    }

    /**
     * Reads {@code 3/16}.
     *
     * @throws UsageException if it is not a shard
     */
    public static Shard parse(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new UsageException(
                    "'%s' is not a shard: use a form such as 3/16, the fourth of sixteen.".formatted(text));
        }
        return new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
