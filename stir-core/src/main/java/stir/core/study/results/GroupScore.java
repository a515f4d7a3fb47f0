package stir.core.study.results;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import stir.core.math.statistics.Estimate;

/**
 * The mean STIR of the networks of a group given those of another one, or of a group given its
 * other networks.
 *
 * @param measure the measure
 * @param search the name of the search
 * @param repeat the number of the repeat, from 1
 * @param factor the factor of both groups
 * @param targetGroup the group of the targets
 * @param targetLayer the targets' layer: its name, or its position if the names differ
 * @param targets the number of networks of the targets' group
 * @param referenceGroup the group of the references
 * @param referenceLayer the references' layer
 * @param references the number of networks of the references' group
 * @param counts the numbers of its scores
 * @param stir the mean, with its interval over networks and inputs
 * @param reason the reason why there is no interval; empty if there is one
 * @since 0.1.0
 */
public record GroupScore(
        String measure,
        String search,
        int repeat,
        String factor,
        String targetGroup,
        String targetLayer,
        int targets,
        String referenceGroup,
        String referenceLayer,
        int references,
        @JsonUnwrapped ScoreCounts counts,
        Estimate stir,
        Optional<String> reason) {}
