package stir.core.score;

import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Summary;

/** A search and its quality, in all documents. */
record SearchQualityDocument(
        String name,
        int repeat,
        Summary residual,
        double tolerance,
        double converged,
        OptionalDouble accepted,
        OptionalDouble threshold,
        OptionalDouble thresholdQuantile,
        double moved,
        Optional<Summary> distanceFromInput,
        double passes,
        int restarted,
        OptionalDouble nearerAtMost,
        OptionalInt nearerKnown,
        boolean ignoresNothing,
        boolean fakeRelu,
        Optional<String> classLayer,
        Optional<Acceptance.DifferentInputs> differentInputs) {
    static SearchQualityDocument of(SearchQuality search) {
        var inversion = search.inversion();
        var acceptance = search.acceptance();
        return new SearchQualityDocument(
                search.name(),
                search.repeat(),
                residual(inversion),
                search.tolerance(),
                search.converged(),
                share(acceptance.map(Acceptance::share)),
                share(acceptance.map(Acceptance::threshold)),
                acceptance.map(Acceptance::quantile).orElseGet(OptionalDouble::empty),
                inversion.meanMoved(),
                inversion.distancesFromInputs(),
                inversion.meanPasses(),
                inversion.restarted(),
                inversion.meanNearer(),
                inversion.meanNearer().isPresent() ? OptionalInt.of(inversion.nearerKnown()) : OptionalInt.empty(),
                search.ignoresNothing(),
                inversion.fakeRelu(),
                acceptance.flatMap(Acceptance::classLayer),
                acceptance.map(Acceptance::different));
    }

    private static Summary residual(Inversion of) {
        return new Summary(of.meanResidual(), of.medianResidual(), of.maxResidual());
    }

    private static OptionalDouble share(Optional<Double> share) {
        return share.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    /** Writes searches. */
    static final class Writer extends StdConverter<SearchQuality, SearchQualityDocument> {
        @Override
        public SearchQualityDocument convert(SearchQuality search) {
            return SearchQualityDocument.of(search);
        }
    }
}
