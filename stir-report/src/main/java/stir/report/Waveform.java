package stir.report;

import java.awt.image.BufferedImage;
import stir.api.Batch;

/**
 * A series: its lowest and highest values in each column, above the spectrogram if it is a sound.
 *
 * @param length the number of samples
 * @param isSound whether there is a spectrogram
 */
record Waveform(int length, boolean isSound) implements Drawing {
    private static final int WIDTH = 128;
    private static final int HEIGHT = 48;

    /** The number of samples per spectrum; half of it is the number of frequencies. */
    static final int WINDOW = 128;

    /** The level in decibels, relative to a sine of full amplitude, that is drawn in white. */
    private static final double FLOOR = -80;

    @Override
    public String words() {
        var wave = isSound ? "Waveform of" : "Course of";
        return hasSpectrum() ? "Waveform and spectrogram of" : wave;
    }

    private boolean hasSpectrum() {
        return isSound && length >= WINDOW;
    }

    @Override
    public long bytes() {
        return hasSpectrum() ? 7500 : 700;
    }

    @Override
    public BufferedImage image(Batch batch, int row) {
        int width = Math.min(WIDTH, length);
        var image = Drawing.white(width, HEIGHT + (hasSpectrum() ? WINDOW / 2 : 0));
        for (int x = 0; x < width; x++) {
            double low = 1;
            double high = 0;
            for (int i = start(x, width); i <= Math.min(length - 1, start(x + 1, width)); i++) {
                low = Math.min(low, batch.get(row, i));
                high = Math.max(high, batch.get(row, i));
            }
            for (int y = Drawing.line(high, HEIGHT); y <= Drawing.line(low, HEIGHT); y++) {
                image.getRaster().setSample(x, y, 0, 0);
            }
            if (hasSpectrum()) {
                int from = (int) ((long) x * (length - WINDOW) / Math.max(1, width - 1));
                var levels = decibels(batch, row, from);
                for (int k = 0; k < levels.length; k++) {
                    int y = HEIGHT + levels.length - 1 - k;
                    image.getRaster().setSample(x, y, 0, Drawing.level(levels[k] / FLOOR));
                }
            }
        }
        return image;
    }

    private int start(int x, int width) {
        return (int) ((long) x * length / width);
    }

    /**
     * Returns the spectrum of a Hann window: of each frequency from 0 below half the rate, in
     * decibels.
     *
     * @param from the first sample; values in [0,1] stand for [-1,1]
     */
    static double[] decibels(Batch batch, int row, int from) {
        var windowed = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW);
            windowed[i] = hann * (2 * batch.get(row, from + i) - 1);
        }
        var levels = new double[WINDOW / 2];
        for (int k = 0; k < levels.length; k++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < WINDOW; i++) {
                double angle = 2 * Math.PI * (i * k % WINDOW) / WINDOW;
                real += windowed[i] * Math.cos(angle);
                imaginary -= windowed[i] * Math.sin(angle);
            }
            double amplitude = Math.hypot(real, imaginary) / (WINDOW / 4.0);
            levels[k] = Math.max(FLOOR, 20 * Math.log10(amplitude + 1e-12));
        }
        return levels;
    }
}
