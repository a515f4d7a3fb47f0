package stir.backend.tf.graph;

/**
 * A tensor of a graph: one output of a node.
 *
 * @param node the node's name
 * @param index the output's index, from 0; {@link #CONTROL} for a control dependency, which has no
 *     values
 */
public record TensorName(String node, int index) {
    static final int CONTROL = -1;

    /** Parses {@code node}, {@code node:1} or {@code ^node}, the forms of a GraphDef. */
    public static TensorName parse(String reference) {
        if (reference.startsWith("^")) {
            return new TensorName(reference.substring(1), CONTROL);
        }
        int colon = reference.lastIndexOf(':');
        if (colon < 0) {
            return new TensorName(reference, 0);
        }
        try {
            return new TensorName(reference.substring(0, colon), Integer.parseInt(reference.substring(colon + 1)));
        } catch (NumberFormatException e) {
            return new TensorName(reference, 0);
        }
    }

    public boolean isControl() {
        return index == CONTROL;
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return isControl() ? "^" + node : index == 0 ? node : node + ":" + index;
    }
}
