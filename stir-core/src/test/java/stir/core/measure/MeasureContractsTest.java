package stir.core.measure;

import java.util.Map;
import org.junit.jupiter.api.Nested;
import stir.api.SimilarityMeasure;
import stir.api.contract.SimilarityMeasureContract;

/** The contract of every built-in measure except linear CKA, which is in {@link LinearCkaTest}. */
class MeasureContractsTest {
    @Nested
    class OfAlignedCosine extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new AlignedCosine();
        }
    }

    @Nested
    class OfAngularProcrustes extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new AngularProcrustes();
        }
    }

    @Nested
    class OfBures extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Bures();
        }
    }

    @Nested
    class OfCca extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Cca();
        }
    }

    @Nested
    class OfCknna extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Cknna();
        }
    }

    @Nested
    class OfDebiasedLinearCka extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new DebiasedLinearCka();
        }
    }

    @Nested
    class OfDistanceCorrelation extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new DistanceCorrelation();
        }
    }

    @Nested
    class OfEigenspaceOverlap extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new EigenspaceOverlap();
        }
    }

    @Nested
    class OfGulp extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Gulp();
        }
    }

    @Nested
    class OfHardCorrelationMatch extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new HardCorrelationMatch();
        }
    }

    @Nested
    class OfKnnJaccard extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new KnnJaccard();
        }
    }

    @Nested
    class OfLinearRegression extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new LinearRegression();
        }
    }

    @Nested
    class OfMutualKnn extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new MutualKnn();
        }
    }

    @Nested
    class OfNormalisedProcrustes extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new NormalisedProcrustes();
        }
    }

    @Nested
    class OfPwcca extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Pwcca();
        }
    }

    @Nested
    class OfRankSimilarity extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RankSimilarity();
        }
    }

    @Nested
    class OfRbfCka extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RbfCka();
        }
    }

    @Nested
    class OfRsaCosine extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RsaCosine();
        }
    }

    @Nested
    class OfRsaKendall extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RsaKendall();
        }
    }

    @Nested
    class OfRsaPearson extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RsaPearson();
        }
    }

    @Nested
    class OfRsaSpearman extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RsaSpearman();
        }
    }

    @Nested
    class OfSecondOrderCosine extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new SecondOrderCosine();
        }
    }

    @Nested
    class OfSizeAndShapeProcrustes extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new SizeAndShapeProcrustes();
        }
    }

    @Nested
    class OfSoftCorrelationMatch extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new SoftCorrelationMatch();
        }
    }

    @Nested
    class OfSvcca extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Svcca();
        }
    }

    @Nested
    class OfAngularCka extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new AngularCka();
        }
    }

    @Nested
    class OfConcentricityDifference extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new ConcentricityDifference();
        }
    }

    @Nested
    class OfCycleKnn extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new CycleKnn();
        }
    }

    @Nested
    class OfDisagreement extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new Disagreement();
        }
    }

    @Nested
    class OfEditDistanceKnn extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new EditDistanceKnn();
        }
    }

    @Nested
    class OfJensenShannon extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new JensenShannon();
        }
    }

    @Nested
    class OfLcsKnn extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new LcsKnn();
        }
    }

    @Nested
    class OfMagnitudeDifference extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new MagnitudeDifference();
        }
    }

    @Nested
    class OfPermutationProcrustes extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new PermutationProcrustes();
        }
    }

    @Nested
    class OfRidgePredictivity extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RidgePredictivity();
        }

        /**
         * Returns false, since the ridge shrinks even the prediction of the same representation.
         */
        @Override
        protected boolean selfIsMostSimilar() {
            return false;
        }
    }

    @Nested
    class OfRsmNormDifference extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new RsmNormDifference();
        }
    }

    @Nested
    class OfSoftMatching extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new SoftMatching();
        }
    }

    @Nested
    class OfUniformityDifference extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new UniformityDifference();
        }
    }

    @Nested
    class OfWhitenedProcrustes extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new WhitenedProcrustes();
        }
    }

    @Nested
    class OfWhitenedRsa extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new WhitenedRsa();
        }
    }

    @Nested
    class OfIntrinsicDistance extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new IntrinsicDistance();
        }
    }

    @Nested
    class OfTopologyDivergence extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new TopologyDivergence();
        }
    }

    /**
     * All rows in one batch, since with several batches minibatch CKA depends on the order of rows
     * by definition.
     */
    @Nested
    class OfMinibatchCka extends SimilarityMeasureContract {
        @Override
        protected SimilarityMeasure measure() {
            return new MinibatchCka().with(Map.of("batch", "24"));
        }
    }
}
