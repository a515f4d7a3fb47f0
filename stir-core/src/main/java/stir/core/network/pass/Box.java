package stir.core.network.pass;

import stir.api.Batch;

/** The range of pixels, [0,1]. */
public final class Box {
    private Box() {}

    /** Returns the nearest value in the box; NaN stays NaN. */
    public static float clamp(float value) {
        return Math.min(1f, Math.max(0f, value));
    }

    /** Replaces a point by the nearest one in the box. */
    public static void clamp(float[] point) {
        for (int i = 0; i < point.length; i++) {
            point[i] = clamp(point[i]);
        }
    }

    /** Replaces a row by the nearest point in the box. */
    public static void clamp(Batch batch, int row) {
        for (int i = 0; i < batch.rowSize(); i++) {
            batch.set(row, i, clamp(batch.get(row, i)));
        }
    }
}
