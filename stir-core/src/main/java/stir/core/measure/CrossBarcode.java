package stir.core.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;
import stir.core.math.linalg.PairValues;

/**
 * The total length of the bars of dimension 1 in the R-Cross-Barcode of two graphs of the same
 * inputs (Barannikov et al. 2022).
 *
 * <p>At a threshold t, the first graph joins the inputs whose distance {@code r(i, j)} is at most
 * t, the second those whose {@code min(r(i, j), s(i, j))} is. A homology class is closed by edges
 * of the second graph and filled neither by the first graph nor by triangles: the homology of the
 * second's Vietoris-Rips complex relative to the first's. It equals the homology of the paper's
 * graph, in which each input is doubled, with an eighth of the triangles: each edge creates a class
 * at {@code min(r, s)}, which is filled by a triangle or, at the latest, by the edge itself at
 * {@code r}. Edges are paired with what fills them by reducing coboundaries, the last edges first
 * (de Silva, Morozov and Vejdemo-Johansson 2011, Dualities in persistent (co)homology; Bauer 2021,
 * Ripser).
 */
final class CrossBarcode {
    /** A cell that fills a class: an edge of the first graph ({@code -1 - edge}) or a triangle. */
    private record Filling(double value, long cell) implements Comparable<Filling> {
        @Override
        public int compareTo(Filling other) {
            int byValue = Double.compare(value, other.value);
            return byValue == 0 ? Long.compare(cell, other.cell) : byValue;
        }
    }

    private final int size;
    private final PairValues births;
    private final PairValues deaths;
    private final Map<Filling, int[]> columns = new HashMap<>();

    private CrossBarcode(PairValues births, PairValues deaths) {
        size = deaths.size();
        this.births = births;
        this.deaths = deaths;
    }

    /**
     * Returns the total length.
     *
     * @param first the distances of the first graph
     * @param second the distances of the second graph; only smaller ones add edges
     */
    static double length(PairValues first, PairValues second) {
        return new CrossBarcode(first.minimum(second), first).length();
    }

    private double length() {
        var edges = IntStream.range(0, size)
                .flatMap(i -> IntStream.range(i + 1, size).map(j -> i * size + j))
                .filter(edge -> birth(edge) < death(edge))
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(this::birth).reversed())
                .mapToInt(edge -> edge)
                .toArray();
        double length = 0;
        for (int edge : edges) {
            length += end(edge) - birth(edge);
        }
        return length;
    }

    private double birth(int edge) {
        return births.get(edge / size, edge % size);
    }

    private double death(int edge) {
        return deaths.get(edge / size, edge % size);
    }

    /** Reduces the coboundary of an edge and returns the end of its bar. */
    private double end(int edge) {
        var earliest = earliest(edge);
        if (columns.putIfAbsent(earliest, new int[] {edge}) == null) {
            return earliest.value;
        }
        var rest = new PriorityQueue<Filling>();
        var summed = new HashSet<Integer>();
        add(edge, death(edge), rest, summed);
        while (true) {
            var pivot = oddMinimum(rest);
            var others = columns.get(pivot);
            if (others == null) {
                columns.put(pivot, summed.stream().mapToInt(one -> one).toArray());
                return pivot.value;
            }
            rest.add(pivot);
            for (int other : others) {
                add(other, death(edge), rest, summed);
            }
        }
    }

    private Filling earliest(int edge) {
        var earliest = new Filling(death(edge), -1L - edge);
        for (int k = 0; k < size; k++) {
            if (formsTriangle(edge, k)) {
                double value = valueOfTriangle(edge, k);
                if (value < earliest.value) {
                    earliest = new Filling(value, triangle(edge, k));
                }
            }
        }
        return earliest;
    }

    /** Adds the coboundary of an edge up to a value, since later cells can't become the pivot. */
    private void add(int edge, double last, PriorityQueue<Filling> sum, Set<Integer> summed) {
        if (!summed.add(edge)) {
            summed.remove(edge);
        }
        if (death(edge) <= last) {
            sum.add(new Filling(death(edge), -1L - edge));
        }
        for (int k = 0; k < size; k++) {
            if (formsTriangle(edge, k)) {
                double value = valueOfTriangle(edge, k);
                if (value <= last) {
                    sum.add(new Filling(value, triangle(edge, k)));
                }
            }
        }
    }

    /**
     * Removes all entries up to the smallest one that occurs an odd number of times, and returns
     * it.
     */
    private static Filling oddMinimum(PriorityQueue<Filling> sum) {
        while (true) {
            var smallest = sum.remove();
            if (!smallest.equals(sum.peek())) {
                return smallest;
            }
            sum.remove();
        }
    }

    private boolean formsTriangle(int edge, int k) {
        return k != edge / size && k != edge % size;
    }

    private double valueOfTriangle(int edge, int k) {
        return Math.max(birth(edge), Math.max(births.get(edge / size, k), births.get(edge % size, k)));
    }

    private long triangle(int edge, int k) {
        var corners = new int[] {edge / size, edge % size, k};
        Arrays.sort(corners);
        return ((long) corners[0] * size + corners[1]) * size + corners[2];
    }
}
