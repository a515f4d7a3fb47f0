package stir.core.study;

/** How the parts of an experiment are called where it came from no file. */
final class Places {
    static final String INPUTS = "inputs";
    static final String REDUCTION = "reduce";

    private Places() {}

    static String model(String name) {
        return "model[" + name + "]";
    }

    static String layer(String model, int index) {
        return model(model) + ".layers[" + index + "]";
    }

    static String measure(int index) {
        return "measures[" + index + "]";
    }

    static String search(int index) {
        return "search[" + index + "]";
    }

    static String pair(int index) {
        return "pairs[" + index + "]";
    }
}
