package stir.core.study.results;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import stir.core.math.statistics.Difference;

/**
 * A difference of mean STIRs of groups of networks, over networks and inputs.
 *
 * @param question the kind of difference
 * @param measure the measure
 * @param search the name of the search
 * @param repeat the number of the repeat, from 1
 * @param factor the factor of the groups
 * @param group the first group, or empty where whole factors are compared
 * @param other the second group, or the other factor
 * @param targetLayer the targets' layer: its name, or its position if the names differ
 * @param referenceLayer the references' layer
 * @param counts the numbers of its scores
 * @param difference the difference with its p-value, corrected for all differences of this factor,
 *     question, measure, search and repeat; empty if it is unknown
 * @param verdict the answer to {@link Question#WITHIN_BETWEEN}; empty for other questions
 * @param reason the reason why the difference is unknown
 * @since 0.1.0
 */
public record GroupDifference(
        Question question,
        String measure,
        String search,
        int repeat,
        String factor,
        String group,
        String other,
        String targetLayer,
        String referenceLayer,
        @JsonUnwrapped ScoreCounts counts,
        @JsonUnwrapped Optional<Difference> difference,
        Optional<GroupVerdict> verdict,
        Optional<String> reason) {
    /**
     * The differences of groups.
     *
     * @since 0.1.0
     */
    public enum Question {
        /** The mean within both groups, minus the mean between them in both directions. */
        WITHIN_BETWEEN,
        /** The mean within the first group, minus the mean within the second. */
        WITHIN,
        /** STIR(first | second) minus STIR(second | first). */
        DIRECTION,
        /**
         * The effect of a factor minus the effect of another one: each is the mean within its
         * groups minus the mean between them.
         */
        FACTOR;

        /** Returns the name in tables and documents: {@code within_between}. */
        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    GroupDifference with(Difference corrected, Optional<GroupVerdict> answer) {
        return new GroupDifference(
                question,
                measure,
                search,
                repeat,
                factor,
                group,
                other,
                targetLayer,
                referenceLayer,
                counts,
                Optional.of(corrected),
                answer,
                reason);
    }
}
