package stir.core.study;

import stir.api.UsageException;
import stir.core.Stir;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An experiment after its models and inputs have been opened once: either its mistakes, all of
 * them, or what it has to do.
 */
public final class CheckedExperiment {
    private final List<Mistake> mistakes;
    private final Optional<StudyPlan> plan;

    private CheckedExperiment(List<Mistake> mistakes, Optional<StudyPlan> plan) {
        this.mistakes = List.copyOf(mistakes);
        this.plan = plan;
    }

    /**
     * Checks an experiment that was made in Java.
     *
     * @param stir opens its models, one at a time
     */
    public static CheckedExperiment of(Stir stir, Experiment experiment) {
        var found = new ArrayList<Mistake>();
        var plan = new StudyPlanner(stir, experiment, found).plan();
        return new CheckedExperiment(found, found.isEmpty() ? plan : Optional.empty());
    }

    /**
     * Checks an experiment from a file; what the file tells wrongly does not hide what is wrong
     * with models and layers.
     *
     * @param stir opens its models, one at a time
     */
    public static CheckedExperiment of(Stir stir, ExperimentFile file) {
        var found = new ArrayList<Mistake>();
        var plan = file.draft().flatMap(draft -> new StudyPlanner(stir, draft, found).plan());
        var all = file.with(found);
        return new CheckedExperiment(all, all.isEmpty() ? plan : Optional.empty());
    }

    /** What is wrong, in the order of the file's lines; empty if there is a plan. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /**
     * What there is to do.
     *
     * @throws UsageException if there are mistakes; the message has all of them, a line each
     */
    public StudyPlan plan() {
        if (!mistakes.isEmpty()) {
            throw new UsageException(ExperimentFile.lines(mistakes));
        }
        return Objects.requireNonNull(plan.orElse(null), "an experiment without mistakes");
    }
}
