package stir.core.study;

import stir.api.Experimental;
import stir.api.SimilarityMeasure;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.open.Networks;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudyPlan;
import stir.core.study.run.NetworkPool;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checks of experiments.
 *
 * @param opener the opener of networks
 * @param measures all measures
 * @param terms all terms of objectives
 * @since 0.1.0
 */
@Experimental
public record StudyChecks(Networks opener, MeasureCatalogue measures, TermCatalogue terms) {
    /** Checks an experiment that was built in Java. */
    public CheckedExperiment check(Experiment experiment) {
        return check(experiment, Optional.empty(), Map.of(), true);
    }

    /**
     * Checks an experiment of networks and inputs that are open already.
     *
     * @param inputs the inputs; empty for those that the experiment names
     * @param networks the networks by the names of their models; the caller retains ownership
     * @param scored whether measures have to fit, too
     */
    CheckedExperiment check(
            Experiment experiment,
            Optional<Inputs> inputs,
            Map<String, Network> networks,
            boolean scored) {
        var pool = new NetworkPool(opener, networks);
        var names = experiment.models().stream().map(StudiedModel::name).toList();
        var planned = plan(pool, experiment, inputs, scored, names);
        return checked(pool, experiment, planned.problems(), planned.plan());
    }

    /** Checks an experiment from a file. */
    public CheckedExperiment check(ExperimentFile file) {
        var pool = new NetworkPool(opener, Map.of());
        var draft = file.draft();
        if (draft.isEmpty()) {
            var problems = file.with(new PartsCheck(measures, pool).check(file.parts()));
            return new CheckedExperiment(problems, Optional.empty(), pool, Map.of(), terms);
        }
        var names = file.parts().modelNames();
        var planned = plan(pool, draft.get(), Optional.empty(), true, names);
        return checked(pool, draft.get(), file.with(planned.problems()), planned.plan());
    }

    private StudyPlanner.Planned plan(
            NetworkPool pool,
            Experiment experiment,
            Optional<Inputs> inputs,
            boolean scored,
            List<String> modelNames) {
        try {
            return new StudyPlanner(this, pool, experiment, inputs, scored, modelNames).plan();
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private CheckedExperiment checked(
            NetworkPool pool,
            Experiment experiment,
            List<Problem> problems,
            Optional<StudyPlan> plan) {
        var chosen =
                problems.isEmpty()
                        ? measures.select(experiment.measures())
                        : Map.<String, SimilarityMeasure>of();
        return new CheckedExperiment(problems, plan, pool, chosen, terms);
    }
}
