package stir.core.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.statistics.Summary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The outcomes of all inputs of a search; each is set once, by any thread. */
final class RowOutcomes {
    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;
    private final double[] movedAtLeast;
    private final int[] restarts;
    private final Course[] courses;
    private final Milestones milestones;

    /** Outcomes that are not known yet. */
    RowOutcomes(RowLayout layout) {
        int count = layout.count();
        residuals = new double[count];
        passes = new int[count];
        moved = new double[count];
        movedAtLeast = new double[count];
        restarts = new int[count];
        courses = new Course[count];
        Arrays.fill(courses, Course.NONE);
        milestones = layout.milestones();
    }

    int count() {
        return residuals.length;
    }

    Milestones milestones() {
        return milestones;
    }

    void set(int index, RowOutcome outcome) {
        if (outcome.course().size() != milestones.count()) {
            throw new IllegalArgumentException("A course has a residual for each milestone");
        }
        residuals[index] = outcome.residual();
        passes[index] = outcome.passes();
        moved[index] = outcome.moved();
        movedAtLeast[index] = outcome.movedAtLeast();
        restarts[index] = outcome.restarts();
        courses[index] = outcome.course();
    }

    RowOutcome get(int index) {
        return new RowOutcome(
                residuals[index],
                passes[index],
                moved[index],
                movedAtLeast[index],
                restarts[index],
                courses[index]);
    }

    /** What these outcomes and their pixels make together; not to be changed any more. */
    Inversion with(Inputs pixels, Circumstances circumstances) {
        return new Inversion(
                pixels,
                residuals,
                passes,
                moved,
                movedAtLeast,
                restarts,
                course(),
                circumstances.fakeRelu());
    }

    private List<TracePoint> course() {
        var points = new ArrayList<TracePoint>();
        for (int i = 0; i < milestones.count(); i++) {
            int milestone = i;
            var all = Arrays.stream(courses).mapToDouble(course -> course.at(milestone)).toArray();
            Summary.of(all)
                    .map(found -> new TracePoint(milestones.passes(milestone), found))
                    .ifPresent(points::add);
        }
        return points;
    }

    /** Notes how the residuals ended and came down, over all inputs. */
    void addCourse(ObjectNode document) {
        Summary.of(residuals)
                .ifPresent(
                        all ->
                                document.putObject("residual")
                                        .put("mean", all.mean())
                                        .put("median", all.median())
                                        .put("max", all.max()));
        var points = course();
        if (points.isEmpty()) {
            return;
        }
        var node = document.putObject("course");
        for (var name : List.of("passes", "mean", "median", "max")) {
            node.putArray(name);
        }
        for (var point : points) {
            node.withArray("passes").add(point.passes());
            node.withArray("mean").add(point.residual().mean());
            node.withArray("median").add(point.residual().median());
            node.withArray("max").add(point.residual().max());
        }
    }

    /** The passes at the milestones of what {@link #addCourse} has written. */
    static int[] passes(ObjectNode document) {
        var node = document.path("course").path("passes");
        var passes = new int[node.size()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = node.path(i).asInt();
        }
        return passes;
    }
}
