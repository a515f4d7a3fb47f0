/** Finds invariant inputs and turns them into STIR(target | reference). */
module stir.core {
    requires static org.jspecify;
    requires transitive stir.api;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.google.common; // Guice, an automatic module, does not bring it
    requires com.google.guice;
    requires jakarta.inject; // as Guava
    requires ejml.core; // decompositions of the similarity measures
    requires ejml.ddense;
    requires java.desktop;
    requires org.snakeyaml.engine;

    exports stir.core;
    exports stir.core.check to
            stir.cli;
    exports stir.core.extension;
    exports stir.core.io.arrays to
            stir.cli,
            stir.report;
    exports stir.core.io.files to
            stir.cli,
            stir.report;
    exports stir.core.inputs;
    exports stir.core.inversion;
    exports stir.core.network;
    exports stir.core.runtime.progress;
    exports stir.core.representation;
    exports stir.core.representation.file to
            stir.cli;
    exports stir.core.runtime.machine to
            stir.cli;
    exports stir.core.score;
    exports stir.core.math.statistics;
    exports stir.core.study;
    exports stir.core.study.file;
    exports stir.core.study.names to
            stir.cli;
    exports stir.core.study.plan;
    exports stir.core.study.results;
    exports stir.core.study.store to
            stir.cli,
            stir.report;

    opens stir.core.math.statistics to
            com.fasterxml.jackson.databind;
    opens stir.core.score to
            com.fasterxml.jackson.databind;
    opens stir.core.representation.file to
            com.fasterxml.jackson.databind;
    opens stir.core.store to
            com.fasterxml.jackson.databind;
    opens stir.core.study.store to
            com.fasterxml.jackson.databind;

    uses stir.api.BackendProvider;
    uses stir.api.ObjectiveTerm;
    uses stir.api.SimilarityMeasure;

    provides stir.api.ObjectiveTerm with
            stir.core.inversion.term.Blur,
            stir.core.inversion.term.Grey,
            stir.core.inversion.term.TotalVariation;
    provides stir.api.SimilarityMeasure with
            stir.core.measure.AlignedCosine,
            stir.core.measure.AngularCka,
            stir.core.measure.AngularProcrustes,
            stir.core.measure.Bures,
            stir.core.measure.Cca,
            stir.core.measure.Cknna,
            stir.core.measure.ConcentricityDifference,
            stir.core.measure.CycleKnn,
            stir.core.measure.DebiasedLinearCka,
            stir.core.measure.Disagreement,
            stir.core.measure.DistanceCorrelation,
            stir.core.measure.EditDistanceKnn,
            stir.core.measure.EigenspaceOverlap,
            stir.core.measure.Gulp,
            stir.core.measure.HardCorrelationMatch,
            stir.core.measure.IntrinsicDistance,
            stir.core.measure.JensenShannon,
            stir.core.measure.KnnJaccard,
            stir.core.measure.LcsKnn,
            stir.core.measure.LinearCka,
            stir.core.measure.LinearRegression,
            stir.core.measure.MagnitudeDifference,
            stir.core.measure.MinibatchCka,
            stir.core.measure.MutualKnn,
            stir.core.measure.NormalisedProcrustes,
            stir.core.measure.PermutationProcrustes,
            stir.core.measure.Pwcca,
            stir.core.measure.RankSimilarity,
            stir.core.measure.RbfCka,
            stir.core.measure.RidgePredictivity,
            stir.core.measure.RsaCosine,
            stir.core.measure.RsaKendall,
            stir.core.measure.RsaPearson,
            stir.core.measure.RsaSpearman,
            stir.core.measure.RsmNormDifference,
            stir.core.measure.SecondOrderCosine,
            stir.core.measure.SizeAndShapeProcrustes,
            stir.core.measure.SoftCorrelationMatch,
            stir.core.measure.SoftMatching,
            stir.core.measure.Svcca,
            stir.core.measure.TopologyDivergence,
            stir.core.measure.UniformityDifference,
            stir.core.measure.WhitenedProcrustes,
            stir.core.measure.WhitenedRsa;
}
