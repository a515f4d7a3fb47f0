package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;

/** The contract of backends finds gradients and values that are wrong in one respect. */
class WrongGradientsTest {
    private static final int PIXELS = 28 * 28;
    private static final int UNITS = 12;

    private enum Defect {
        NONE(""),
        ONE_PIXEL("gradient along"),
        HALF_OF_THE_IMAGE("gradient along"),
        ALTERNATING_FIVE_PERCENT("gradient along single pixels"),
        FIVE_PERCENT("gradient along"),
        UNWRITTEN_UNIT("not written"),
        UNWRITTEN_GRADIENT("not written"),
        NAN_FOR_BLACK_PIXELS("is NaN"),
        WRITES_INPUTS("represent wrote into its inputs"),
        MIXES_FIRST_PIXELS("row ");

        private final String words;

        Defect(String words) {
            this.words = words;
        }
    }

    /** A layer of hyperbolic tangents with a defect. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Dense(Defect defect, float[] weights) implements LayerHook {
        Dense(Defect defect) {
            this(defect, new float[PIXELS * UNITS]);
            var random = new Random(3);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) random.nextGaussian() / 20;
            }
        }

        @Override
        public Layer layer() {
            return new Layer("units", "Dense", Shape.of(UNITS));
        }

        @Override
        public Shape inputShape() {
            return Shape.of(1, 28, 28);
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        private double value(Batch inputs, int row, int unit) {
            double sum = 0;
            for (int i = 0; i < PIXELS; i++) {
                float pixel = inputs.get(row, i);
                sum += weights[unit * PIXELS + i]
                        * (defect == Defect.NAN_FOR_BLACK_PIXELS && pixel == 0 ? Double.NaN : pixel);
            }
            double leak = defect == Defect.MIXES_FIRST_PIXELS ? 0.05 * inputs.get(0, 0) : 0;
            return Math.tanh(sum) + leak;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                for (int unit = 0; unit < UNITS; unit++) {
                    if (unit > 0 || defect != Defect.UNWRITTEN_UNIT) {
                        representations.set(row, unit, (float) value(inputs, row, unit));
                    }
                }
                if (defect == Defect.WRITES_INPUTS) {
                    inputs.set(row, 5, inputs.get(row, 5) / 2);
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            for (int row = 0; row < inputs.rows(); row++) {
                var slopes = new double[UNITS];
                for (int unit = 0; unit < UNITS; unit++) {
                    double value = value(inputs, row, unit);
                    slopes[unit] = cotangents.get(row, unit) * (1 - value * value);
                }
                for (int i = 0; i < PIXELS; i++) {
                    double sum = 0;
                    for (int unit = 0; unit < UNITS; unit++) {
                        sum += slopes[unit] * weights[unit * PIXELS + i];
                    }
                    if (i > 0 || defect != Defect.UNWRITTEN_GRADIENT) {
                        gradients.set(row, i, (float) (sum * factor(i)));
                    }
                }
            }
        }

        private double factor(int pixel) {
            return switch (defect) {
                case ONE_PIXEL -> pixel == 300 ? 1 : 0;
                case HALF_OF_THE_IMAGE -> pixel < PIXELS / 2 ? 1 : 0;
                case ALTERNATING_FIVE_PERCENT -> pixel % 2 == 0 ? 1.05 : 0.95;
                case FIVE_PERCENT -> 1.05;
                default -> 1;
            };
        }

        @Override
        public void close() {}
    }

    /** The contract of a backend that opens one hook. */
    private static final class Contract extends BackendContract {
        private final Defect defect;

        Contract(Defect defect) {
            this.defect = defect;
        }

        private static <T> T answering(Class<T> type, Map<String, Object> answers) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, called, arguments) -> answers.get(called.getName())));
        }

        @Override
        protected BackendProvider provider() {
            Map<String, Object> answers = Map.of("hook", new Dense(defect), "defaultLayer", Optional.of("units"));
            return answering(BackendProvider.class, Map.of("open", answering(Model.class, answers)));
        }

        @Override
        protected Path model() {
            return Path.of("model");
        }

        @Override
        protected Shape inputShape() {
            return Shape.of(1, 28, 28);
        }

        void run() {
            inputsAreNotWritten();
            valuesAreWrittenAndFinite();
            gradientAgreesWithFiniteDifferences();
            rowsAreIndependent();
            distanceAgreesWithItsDefinition();
        }
    }

    @Test
    void aRightBackendPasses() {
        new Contract(Defect.NONE).run();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aWrongBackendFails(Defect defect) {
        var failure = assertThrows(AssertionError.class, () -> new Contract(defect).run());
        var message = Objects.requireNonNull(failure.getMessage());
        assertTrue(message.contains(defect.words), message);
    }
}
