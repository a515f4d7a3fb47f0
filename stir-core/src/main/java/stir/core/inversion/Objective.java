package stir.core.inversion;

import stir.api.UsageException;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a search makes small, besides the relative distance {@code ||m(x') - m(x)||_p / ||m(x)||_p},
 * which weighs 1 and is all there is in {@link #DISTANCE}. Where a network is searched at several
 * layers ({@code NetworkSpec.withLayers}), the distance is the weighted mean of theirs.
 *
 * <p>The best point of a search is the one of the smallest value, all terms included; its residual
 * is still the relative distance. With distortions a value says little about the next one, so the
 * last point is kept, and its residual is taken without distortion.
 *
 * @param terms terms of the pixels alone
 * @param controversial a second network that is to tell apart what the reference does not
 * @param distortions what happens to an image, in order, before a network sees it
 * @since 0.1.0
 */
public record Objective(
        List<WeightedTerm> terms,
        Optional<Controversial> controversial,
        List<Distortion> distortions) {
    /** The relative distance alone. */
    public static final Objective DISTANCE = new Objective(List.of(), Optional.empty(), List.of());

    /** Copies the lists, and refuses what can't go together. */
    public Objective {
        terms = List.copyOf(terms);
        distortions = List.copyOf(distortions);
        Objects.requireNonNull(controversial, "controversial");
        if (terms.stream().map(WeightedTerm::id).distinct().count() < terms.size()) {
            throw new UsageException("Each term is given once at most.");
        }
    }

    /** Whether it is the relative distance alone. */
    public boolean isDistance() {
        return equals(DISTANCE);
    }

    /** The same with other terms of the pixels. */
    public Objective withTerms(WeightedTerm... other) {
        return new Objective(List.of(other), controversial, distortions);
    }

    /** The same with a second network. */
    public Objective withControversial(Controversial other) {
        return new Objective(terms, Optional.of(other), distortions);
    }

    /** The same with other distortions. */
    public Objective withDistortions(List<Distortion> other) {
        return new Objective(terms, controversial, other);
    }
}
