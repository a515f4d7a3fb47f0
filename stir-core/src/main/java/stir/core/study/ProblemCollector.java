package stir.core.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import stir.api.StirException;
import stir.core.study.plan.Problem;

/** Collects the problems of an experiment, so one does not hide the next. */
final class ProblemCollector {
    private final List<Problem> problems = new ArrayList<>();

    /** Returns a result; empty if there is a problem. */
    <T> Optional<T> attempt(String place, Supplier<T> attempt) {
        try {
            return Optional.of(attempt.get());
        } catch (StirException e) {
            problems.add(new Problem(place, e.refusal()));
            return Optional.empty();
        }
    }

    /** Runs a check that throws a {@link StirException} if there is a problem. */
    void check(String place, Runnable check) {
        try {
            check.run();
        } catch (StirException e) {
            problems.add(new Problem(place, e.refusal()));
        }
    }

    void add(String place, String sentence) {
        problems.add(new Problem(place, sentence));
    }

    void addAll(List<Problem> more) {
        problems.addAll(more);
    }

    List<Problem> all() {
        return List.copyOf(problems);
    }
}
