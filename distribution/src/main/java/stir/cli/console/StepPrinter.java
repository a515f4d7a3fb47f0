package stir.cli.console;

import stir.cli.report.ProgressDisplay;
import stir.core.progress.Progress;
import stir.core.study.StudyListener;

/**
 * Tells steps above the bar, which tells the passes within a step.
 *
 * @param bar the bar
 * @param messages where steps are told
 * @param shown whether they are
 */
public record StepPrinter(ProgressDisplay bar, Messages messages, boolean shown)
        implements StudyListener {
    @Override
    public void step(String line) {
        if (shown) {
            bar.close();
            messages.print(line);
        }
    }

    @Override
    public void update(Progress progress) {
        bar.update(progress);
    }

    @Override
    public void note(String sentence) {
        bar.note(sentence);
    }
}
