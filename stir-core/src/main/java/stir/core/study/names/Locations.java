package stir.core.study.names;

/**
 * The paths of the parts of an experiment that was not read from a file.
 *
 * @since 0.1.0
 */
public final class Locations {
    public static final String INPUTS = "inputs";
    public static final String REDUCTION = "reduce";

    private Locations() {}

    public static String model(String name) {
        return "model[" + name + "]";
    }

    public static String layer(String model, int index) {
        return model(model) + ".layers[" + index + "]";
    }

    public static String measure(int index) {
        return "measures[" + index + "]";
    }

    public static String search(int index) {
        return "search[" + index + "]";
    }

    public static String pair(int index) {
        return "pairs[" + index + "]";
    }
}
