/** Finds invariant inputs and turns them into STIR(target | reference). */
module stir.core {
    requires static org.jspecify;
    requires transitive stir.api;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.datatype.jdk8;
    requires com.google.common; // Guice, an automatic module, does not bring it
    requires com.google.guice;
    requires ejml.core; // decompositions of the similarity measures
    requires ejml.ddense;
    requires jakarta.inject;
    requires java.desktop;
    requires org.snakeyaml.engine.v2;

    exports stir.core;
    exports stir.core.arrays;
    exports stir.core.examination;
    exports stir.core.extension;
    exports stir.core.files to
            stir.cli;
    exports stir.core.inputs;
    exports stir.core.inversion;
    exports stir.core.network;
    exports stir.core.progress;
    exports stir.core.representation;
    exports stir.core.score;
    exports stir.core.similarity;
    exports stir.core.statistics;
    exports stir.core.study;
    exports stir.core.study.file;
    exports stir.core.study.plan;
    exports stir.core.study.store to
            stir.cli;

    opens stir.core to
            com.google.guice;
    opens stir.core.extension to
            com.google.guice;
    opens stir.core.network.open to
            com.google.guice;
    opens stir.core.representation to
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
            stir.core.similarity.AlignedCosine,
            stir.core.similarity.AngularCka,
            stir.core.similarity.AngularProcrustes,
            stir.core.similarity.Bures,
            stir.core.similarity.Cca,
            stir.core.similarity.Cknna,
            stir.core.similarity.ConcentricityDifference,
            stir.core.similarity.CycleKnn,
            stir.core.similarity.DebiasedLinearCka,
            stir.core.similarity.Disagreement,
            stir.core.similarity.DistanceCorrelation,
            stir.core.similarity.EditDistanceKnn,
            stir.core.similarity.EigenspaceOverlap,
            stir.core.similarity.GeometryScore,
            stir.core.similarity.Gulp,
            stir.core.similarity.HardCorrelationMatch,
            stir.core.similarity.IntrinsicDistance,
            stir.core.similarity.JensenShannon,
            stir.core.similarity.KnnJaccard,
            stir.core.similarity.LcsKnn,
            stir.core.similarity.LinearCka,
            stir.core.similarity.LinearRegression,
            stir.core.similarity.MagnitudeDifference,
            stir.core.similarity.MinibatchCka,
            stir.core.similarity.MutualKnn,
            stir.core.similarity.NormalisedProcrustes,
            stir.core.similarity.PermutationProcrustes,
            stir.core.similarity.Pwcca,
            stir.core.similarity.RankSimilarity,
            stir.core.similarity.RbfCka,
            stir.core.similarity.RidgePredictivity,
            stir.core.similarity.RsaCosine,
            stir.core.similarity.RsaKendall,
            stir.core.similarity.RsaPearson,
            stir.core.similarity.RsaSpearman,
            stir.core.similarity.RsmNormDifference,
            stir.core.similarity.SecondOrderCosine,
            stir.core.similarity.SizeAndShapeProcrustes,
            stir.core.similarity.SoftCorrelationMatch,
            stir.core.similarity.SoftMatching,
            stir.core.similarity.Svcca,
            stir.core.similarity.TopologyDivergence,
            stir.core.similarity.UniformityDifference,
            stir.core.similarity.WhitenedProcrustes,
            stir.core.similarity.WhitenedRsa;
}
