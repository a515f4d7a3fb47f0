import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import stir.core.Stir;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.runtime.progress.Progress;
import stir.core.study.RunOptions;
import stir.core.study.StudyListener;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedSearch;

/**
 * A study of two bundled networks from Java, as `stir matrix` runs it from a file.
 *
 * <pre>java -cp 'distribution/target/modules/*' distribution/examples/study/StudyExample.java distribution/target/stir study</pre>
 */
public final class StudyExample {
    public static void main(String[] arguments) {
        var home = Path.of(arguments[0]); // an unpacked archive: backends/, plugins/, demo/
        var out = Path.of(arguments[1]);

        var stir = Stir.load(home);
        var experiment = Experiment.builder(
                        InputsSpec.of(home.resolve("demo/mnist500-images-idx3-ubyte")),
                        List.of(model(home, "vgg0"), model(home, "vgg1")))
                .limit(20)
                .measures(List.of("linear-cka"))
                .searches(List.of(StudiedSearch.of(
                        InversionSettings.of(Optimizer.FAST.method()).withIterations(20))))
                .build();
        try (var checked = stir.check(experiment)) { // holds all problems of the experiment
            var results = checked.study().run(out, RunOptions.DEFAULT, new Printing());
            for (var score : results.scores()) {
                System.out.printf(
                        "STIR(%s | %s) = %.3f, residual %.3f%n",
                        score.target(),
                        score.reference(),
                        score.of("linear-cka").stir().value().orElse(Double.NaN),
                        score.inversion().meanResidual());
            }
        } catch (CancellationException e) { // the thread was interrupted
            System.out.println("Stopped: run the study again in the same folder to continue.");
        }
    }

    private static StudiedModel model(Path home, String name) {
        var file = home.resolve("demo").resolve(name + ".script.pt");
        return StudiedModel.of(name, file); // at its default layer
    }

    /** A listener that prints each step, and the residual at the end of a task. */
    private static final class Printing implements StudyListener {
        @Override
        public void step(String line) {
            System.out.println(line);
        }

        @Override
        public void update(Progress progress) {
            if (progress.done() == progress.total()) {
                System.out.println(progress.task() + ": residual " + progress.residual());
            }
        }
    }
}
