package stir.core.inversion;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import stir.api.UsageException;

/**
 * The value that a search minimises, besides the relative distance {@code ||m(x') - m(x)||_p /
 * ||m(x)||_p}, which has weight 1 and is the only term of {@link #DISTANCE}. If a network is
 * searched at several layers ({@code NetworkSpec.withLayers}), the distance is their weighted mean.
 *
 * <p>The best point of a search has the smallest value of all terms together; its residual is still
 * the relative distance. With augmentations a value predicts the next one poorly, so the last point
 * is kept, and its residual is measured without augmentation.
 *
 * @param terms terms that depend only on the pixels, sorted by id
 * @param controversial a second network that is to distinguish inputs that the reference does not
 * @param augmentations random changes of an image, in order, before a network receives it
 * @since 0.1.0
 */
public record Objective(
        List<WeightedTerm> terms, Optional<Controversial> controversial, List<Augmentation> augmentations) {
    /** Only the relative distance. */
    public static final Objective DISTANCE = new Objective(List.of(), Optional.empty(), List.of());

    /** Copies the lists and sorts the terms; each id may occur once. */
    public Objective {
        terms = terms.stream().sorted(Comparator.comparing(WeightedTerm::id)).toList();
        augmentations = List.copyOf(augmentations);
        if (terms.stream().map(WeightedTerm::id).distinct().count() < terms.size()) {
            throw new UsageException("Each term is given once at most.");
        }
    }

    /** Creates the relative distance with terms of the pixels. */
    public static Objective of(WeightedTerm... terms) {
        return new Objective(List.of(terms), Optional.empty(), List.of());
    }

    /** Returns whether this is only the relative distance. */
    public boolean isDistance() {
        return equals(DISTANCE);
    }
}
