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
 * @param regularisers terms of the pixels alone
 * @param rival a second network
 * @param distortions what happens to an image, in order, before a network sees it
 */
public record Objective(
        List<Regulariser> regularisers, Optional<Rival> rival, List<Distortion> distortions) {
    /** The relative distance alone. */
    public static final Objective DISTANCE = new Objective(List.of(), Optional.empty(), List.of());

    /** Copies the lists, and refuses what can't go together. */
    public Objective {
        regularisers = List.copyOf(regularisers);
        distortions = List.copyOf(distortions);
        Objects.requireNonNull(rival, "rival");
        if (regularisers.stream().map(Regulariser::name).distinct().count() < regularisers.size()) {
            throw new UsageException("Each regulariser is given once at most.");
        }
        if (rival.isPresent()
                && rival.get().aim() == Rival.Aim.CKA
                && !(regularisers.isEmpty() && distortions.isEmpty())) {
            throw new UsageException(
                    "A CKA attack has no other terms: leave regularisers and transforms out.");
        }
    }

    /** Whether it is the relative distance alone. */
    public boolean isDistance() {
        return equals(DISTANCE);
    }

    /** Whether it is a CKA attack, in which the inputs of a group depend on each other. */
    public boolean isCkaAttack() {
        return rival.isPresent() && rival.get().aim() == Rival.Aim.CKA;
    }

    /** The same with other regularisers. */
    public Objective withRegularisers(Regulariser... other) {
        return new Objective(List.of(other), rival, distortions);
    }

    /** The same with a second network. */
    public Objective withRival(Rival other) {
        return new Objective(regularisers, Optional.of(other), distortions);
    }

    /** The same with other distortions. */
    public Objective withDistortions(List<Distortion> other) {
        return new Objective(regularisers, rival, other);
    }
}
