package stir.core.study;

import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.extension.MeasureCatalogue;
import stir.core.extension.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.Networks;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Mistake;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudyPlan;
import stir.core.study.unit.NetworkPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks experiments.
 *
 * @param opener opens networks
 * @param measures those that there are
 * @param terms of objectives, those that there are
 * @since 0.1.0
 */
public record StudyChecks(Networks opener, MeasureCatalogue measures, TermCatalogue terms) {
    /** Checks an experiment that was made in Java. */
    public CheckedExperiment check(Experiment experiment) {
        return check(experiment, Optional.empty(), Map.of(), true);
    }

    /**
     * Checks an experiment of networks and inputs that are open already.
     *
     * @param inputs the inputs; empty for those that the experiment names
     * @param networks by the names of their models; they stay their owners'
     * @param scored whether measures have to fit, too
     */
    CheckedExperiment check(
            Experiment experiment,
            Optional<Inputs> inputs,
            Map<String, Network> networks,
            boolean scored) {
        var found = new ArrayList<Mistake>();
        var pool = new NetworkPool(opener, networks);
        var names = experiment.models().stream().map(StudiedModel::name).toList();
        return checked(
                pool, experiment, found, plan(pool, experiment, inputs, scored, names, found));
    }

    /** Checks an experiment from a file. */
    public CheckedExperiment check(ExperimentFile file) {
        var found = new ArrayList<Mistake>();
        var pool = new NetworkPool(opener, Map.of());
        var draft = file.draft();
        Optional<StudyPlan> plan =
                draft.isPresent()
                        ? plan(
                                pool,
                                draft.get(),
                                Optional.empty(),
                                true,
                                file.parts().modelNames(),
                                found)
                        : Optional.empty();
        if (draft.isEmpty()) {
            new PartsCheck(measures, pool, new Attempts(found)).check(file.parts());
        }
        var all = file.with(found);
        return draft.isPresent()
                ? checked(pool, draft.get(), all, plan)
                : new CheckedExperiment(all, Optional.empty(), pool, Map.of(), terms);
    }

    private Optional<StudyPlan> plan(
            NetworkPool pool,
            Experiment experiment,
            Optional<Inputs> inputs,
            boolean scored,
            List<String> modelNames,
            List<Mistake> mistakes) {
        try {
            return new StudyPlanner(
                            experiment, inputs, measures, terms, pool, scored, modelNames, mistakes)
                    .plan();
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private CheckedExperiment checked(
            NetworkPool pool,
            Experiment experiment,
            List<Mistake> mistakes,
            Optional<StudyPlan> plan) {
        return new CheckedExperiment(mistakes, plan, pool, known(experiment, mistakes), terms);
    }

    private Map<String, SimilarityMeasure> known(Experiment experiment, List<Mistake> mistakes) {
        if (!mistakes.isEmpty()) {
            return Map.of();
        }
        try {
            return measures.select(experiment.measures());
        } catch (UsageException e) { // a mistake that was found already
            return Map.of();
        }
    }
}
