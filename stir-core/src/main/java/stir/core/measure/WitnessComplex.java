package stir.core.measure;

import stir.core.math.linalg.PairValues;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The holes of a weak witness complex over some inputs, its landmarks, of which all inputs are
 * witnesses.
 *
 * <p>An edge or triangle of landmarks exists from the smallest relaxation by which an input
 * witnesses it: how much farther from that input its farthest corner is than the nearest landmark
 * that is not a corner, or 0; a triangle not before its edges. This is the filtration of GUDHI's
 * {@code WitnessComplex} for distances that are not squared, up to triangles.
 */
final class WitnessComplex {
    /** An interval of relaxations in which there is a hole. */
    private record Hole(double from, double to) {}

    /** A triangle by its edges, and the relaxation at which an input witnesses it. */
    private record Triangle(double witnessed, int first, int second, int third) {}

    private final int landmarks;
    private final double maxRelaxation;
    private final double[] ofEdges;
    private final double[] ofTriangles;

    private WitnessComplex(int landmarks, double maxRelaxation) {
        this.landmarks = landmarks;
        this.maxRelaxation = maxRelaxation;
        ofEdges = new double[landmarks * landmarks];
        ofTriangles = new double[landmarks * landmarks * landmarks];
        Arrays.fill(ofEdges, Double.POSITIVE_INFINITY);
        Arrays.fill(ofTriangles, Double.POSITIVE_INFINITY);
    }

    /**
     * Builds the complex of a choice of landmarks.
     *
     * @param distances the distances of all inputs
     * @param landmarks the landmarks in ascending order
     * @param share the largest relaxation, as a share of the largest distance from a landmark
     */
    static WitnessComplex of(PairValues distances, int[] landmarks, double share) {
        var toLandmarks = new double[distances.size()][];
        double farthest = 0;
        for (int i = 0; i < toLandmarks.length; i++) {
            int witness = i;
            toLandmarks[i] =
                    IntStream.of(landmarks)
                            .mapToDouble(l -> l == witness ? 0 : distances.get(witness, l))
                            .toArray();
            farthest = Math.max(farthest, Arrays.stream(toLandmarks[i]).max().orElseThrow());
        }
        var complex = new WitnessComplex(landmarks.length, share * farthest);
        for (var witness : toLandmarks) {
            complex.addWitness(witness);
        }
        return complex;
    }

    /**
     * Adds the edges and triangles that one input witnesses.
     *
     * @param distances the input's distances from the landmarks
     */
    private void addWitness(double[] distances) {
        var nearest = nearest(distances);
        // first, second and third are ranks of corners; the nearest landmark that is not a corner
        // is the first one omitted.
        for (int first = 0; first < landmarks; first++) {
            for (int second = first + 1; second < landmarks; second++) {
                double omitted = distances[nearest[first > 0 ? 0 : second > 1 ? 1 : second]];
                double relaxed = second > 1 ? distances[nearest[second]] - omitted : 0;
                if (relaxed > maxRelaxation) {
                    break;
                }
                lower(ofEdges, edge(nearest[first], nearest[second]), relaxed);
                for (int third = second + 1; third < landmarks; third++) {
                    int free = first > 0 ? 0 : second > 1 ? 1 : 2;
                    double more =
                            third > 2 ? distances[nearest[third]] - distances[nearest[free]] : 0;
                    if (more > maxRelaxation) {
                        break;
                    }
                    lower(
                            ofTriangles,
                            triangle(nearest[first], nearest[second], nearest[third]),
                            more);
                }
            }
        }
    }

    /** Returns all landmarks, the nearest first; by insertion, which is fast for so short lists. */
    private static int[] nearest(double[] distances) {
        var nearest = new int[distances.length];
        for (int i = 0; i < nearest.length; i++) {
            int at = i;
            while (at > 0 && distances[nearest[at - 1]] > distances[i]) {
                nearest[at] = nearest[at - 1];
                at--;
            }
            nearest[at] = i;
        }
        return nearest;
    }

    private static void lower(double[] values, int at, double value) {
        values[at] = Math.min(values[at], value);
    }

    private int edge(int i, int j) {
        return Math.min(i, j) * landmarks + Math.max(i, j);
    }

    private int triangle(int i, int j, int k) {
        int low = Math.min(i, Math.min(j, k));
        int high = Math.max(i, Math.max(j, k));
        return (low * landmarks + (i + j + k - low - high)) * landmarks + high;
    }

    /**
     * Returns for each number of holes the share of relaxations with exactly that many.
     *
     * @param most one more than the largest number that is counted
     * @return shares by the number of holes, from 0
     */
    double[] shares(int most) {
        var shares = new double[most];
        if (maxRelaxation == 0) {
            shares[0] = 1;
            return shares;
        }
        var holes = holes();
        var changes =
                holes.stream()
                        .flatMap(hole -> List.of(hole.from, hole.to).stream())
                        .mapToDouble(value -> value)
                        .sorted()
                        .toArray();
        double before = 0;
        for (int i = 0; i <= changes.length; i++) {
            double next = i < changes.length ? changes[i] : maxRelaxation;
            double middle = (before + next) / 2;
            int open =
                    (int)
                            holes.stream()
                                    .filter(hole -> hole.from <= middle && middle < hole.to)
                                    .count();
            if (open < most) {
                shares[open] += (next - before) / maxRelaxation;
            }
            before = next;
        }
        return shares;
    }

    /** Pairs the edges that close holes with the triangles that fill them. */
    private List<Hole> holes() {
        var edges =
                IntStream.range(0, ofEdges.length)
                        .filter(edge -> ofEdges[edge] <= maxRelaxation)
                        .boxed()
                        .sorted(Comparator.comparingDouble(edge -> ofEdges[edge]))
                        .mapToInt(edge -> edge)
                        .toArray();
        var positions = new int[ofEdges.length];
        for (int i = 0; i < edges.length; i++) {
            positions[edges[i]] = i;
        }
        var filledAt = new double[edges.length];
        Arrays.fill(filledAt, maxRelaxation);
        var columns = new BitSet[edges.length];
        for (var triangle : triangles()) {
            var column = new BitSet(edges.length);
            column.set(positions[triangle.first]);
            column.set(positions[triangle.second]);
            column.set(positions[triangle.third]);
            int last = column.length() - 1;
            while (last >= 0 && columns[last] != null) {
                column.xor(columns[last]);
                last = column.length() - 1;
            }
            if (last >= 0) {
                columns[last] = column;
                filledAt[last] = from(triangle);
            }
        }
        var holes = new ArrayList<Hole>();
        var components = new Components(landmarks);
        for (int i = 0; i < edges.length; i++) {
            boolean joins = components.join(edges[i] / landmarks, edges[i] % landmarks);
            if (!joins && ofEdges[edges[i]] < filledAt[i]) {
                holes.add(new Hole(ofEdges[edges[i]], filledAt[i]));
            }
        }
        return holes;
    }

    private List<Triangle> triangles() {
        var triangles = new ArrayList<Triangle>();
        for (int i = 0; i < landmarks; i++) {
            for (int j = i + 1; j < landmarks; j++) {
                for (int k = j + 1; k < landmarks; k++) {
                    var triangle =
                            new Triangle(
                                    ofTriangles[triangle(i, j, k)],
                                    edge(i, j),
                                    edge(i, k),
                                    edge(j, k));
                    if (from(triangle) <= maxRelaxation) {
                        triangles.add(triangle);
                    }
                }
            }
        }
        triangles.sort(Comparator.comparingDouble(this::from));
        return triangles;
    }

    /** Returns the relaxation from which a triangle and all its edges exist. */
    private double from(Triangle triangle) {
        return Math.max(
                Math.max(triangle.witnessed, ofEdges[triangle.first]),
                Math.max(ofEdges[triangle.second], ofEdges[triangle.third]));
    }

    /** The connected components of the landmarks. */
    private static final class Components {
        private final int[] parents;

        Components(int count) {
            parents = IntStream.range(0, count).toArray();
        }

        /** Joins the components of two landmarks and returns whether they were different. */
        boolean join(int one, int other) {
            int ofOne = root(one);
            int ofOther = root(other);
            parents[ofOne] = ofOther;
            return ofOne != ofOther;
        }

        private int root(int one) {
            int root = one;
            while (parents[root] != root) {
                parents[root] = parents[parents[root]];
                root = parents[root];
            }
            return root;
        }
    }
}
