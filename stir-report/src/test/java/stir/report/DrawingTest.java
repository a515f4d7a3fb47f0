package stir.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;

class DrawingTest {
    private static Drawing drawing(int rate, int... shape) {
        var inputs = Inputs.of(Batch.allocate(2, Shape.of(shape)));
        var sampleRate = rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate);
        return Drawing.of(inputs, sampleRate).orElseThrow();
    }

    @Test
    void everyKindOfInputHasADrawing() {
        assertTrue(drawing(0, 3, 8, 8) instanceof Picture);
        assertEquals("", drawing(0, 1, 8, 8).words());
        assertTrue(drawing(0, 12) instanceof TableDrawing);
        assertEquals("Course of", drawing(0, 500).words());
        assertEquals("Waveform and spectrogram of", drawing(16000, 500).words());
        assertEquals("Heat strip of", drawing(0, 20, 7).words());
        assertEquals("Middle slices of", drawing(0, 1, 6, 7, 8).words());
        var five = Inputs.of(Batch.allocate(1, Shape.of(1, 1, 2, 2, 2)));
        assertEquals(Optional.empty(), Drawing.of(five, OptionalInt.empty()));
    }

    // scipy.signal.stft of the same samples: stir-core/src/test/python/wav_references.py.
    @Test
    void theSpectrumIsThatOfScipy() {
        var batch = Batch.allocate(1, Shape.of(Waveform.WINDOW));
        for (int n = 0; n < Waveform.WINDOW; n++) {
            double value =
                    0.5 * Math.sin(2 * Math.PI * 10 * n / 128) + 0.05 * Math.sin(2 * Math.PI * 37.5 * n / 128 + 1);
            batch.set(0, n, (float) ((value + 1) / 2));
        }
        var decibels = Waveform.decibels(batch, 0, 0);
        assertEquals(-12.0412, decibels[9], 0.01);
        assertEquals(-6.0206, decibels[10], 0.01);
        assertEquals(-12.0412, decibels[11], 0.01);
        assertEquals(-41.4236, decibels[36], 0.01);
        assertEquals(-27.4442, decibels[37], 0.01);
        assertEquals(-27.4442, decibels[38], 0.01);
        assertEquals(-41.4237, decibels[39], 0.01);
        assertEquals(-80, decibels[60], 0.5);
    }

    @Test
    void aToneIsALineAtItsFrequency() {
        var waveform = new Waveform(1024, true);
        var batch = Batch.allocate(1, Shape.of(1024));
        for (int n = 0; n < 1024; n++) {
            batch.set(0, n, (float) (0.5 + 0.5 * Math.sin(2 * Math.PI * 16 * n / 128)));
        }
        var image = waveform.image(batch, 0);
        assertEquals(128, image.getWidth());
        assertEquals(48 + 64, image.getHeight());
        int line = 48 + 63 - 16;
        for (int x = 0; x < 128; x++) {
            assertTrue(image.getRaster().getSample(x, line, 0) < 10, "column " + x);
            assertTrue(image.getRaster().getSample(x, line - 8, 0) > 200, "column " + x);
        }
        assertEquals(0, image.getRaster().getSample(0, 24, 0), "the wave");
    }

    @Test
    void barsRunFromTheMedianOnABandOfTheQuartiles() {
        assertEquals(1.75, TableDrawing.quantile(new double[] {1, 2, 3, 4}, 0.25)); // numpy's
        var batch = Batch.of(Shape.of(1), 0, 0.25f, 0.5f, 0.75f, 1);
        var image = TableDrawing.of(Inputs.of(batch)).image(batch, 4);
        int middle = image.getWidth() / 2;
        assertEquals(0, image.getRaster().getSample(middle, 0, 0), "the value 1");
        assertEquals(0, image.getRaster().getSample(middle, 31, 0), "the median");
        assertEquals(200, image.getRaster().getSample(1, 40, 0), "the band");
        assertEquals(255, image.getRaster().getSample(1, 60, 0), "below the lower quartile");
    }

    @Test
    void aStripHasAColumnPerPositionAndAVolumeItsMiddleSlices() {
        var sequence = Batch.of(Shape.of(3, 2), 0, 1, 0.5f, 0, 1, 0.5f);
        var strip = new Slices(Shape.of(3, 2)).image(sequence, 0);
        assertEquals(3, strip.getWidth());
        assertEquals(2, strip.getHeight());
        assertEquals(128, strip.getRaster().getSample(1, 0, 0));
        assertEquals(255, strip.getRaster().getSample(0, 1, 0));
        var volume = Batch.allocate(1, Shape.of(1, 2, 3, 4));
        volume.set(0, (1 * 3 + 1) * 4 + 2, 1); // depth 1, height 1, width 2: in all slices
        var slices = new Slices(Shape.of(1, 2, 3, 4)).image(volume, 0);
        assertEquals(4 + 2 + 4 + 2 + 2, slices.getWidth());
        assertEquals(255, slices.getRaster().getSample(2, 1, 0));
        assertEquals(255, slices.getRaster().getSample(6 + 2, 1, 0));
        assertEquals(255, slices.getRaster().getSample(12 + 1, 1, 0));
        assertEquals(0, slices.getRaster().getSample(0, 0, 0));
    }

    @Test
    void aPictureOfAnImageHasTheBytesItHadBefore() {
        var batch = Batch.of(Shape.of(1, 2, 2), 0, 0.25f, 0.5f, 1);
        var address = drawing(0, 1, 2, 2).address(batch, 0);
        assertEquals(
                "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4XmNgcGBo+A8AAwUBwDOIWh4AAAAASUVORK5CYII=",
                address);
    }
}
