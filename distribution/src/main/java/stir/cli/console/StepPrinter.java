package stir.cli.console;

import stir.cli.report.ProgressDisplay;
import stir.core.runtime.progress.Progress;
import stir.core.study.StudyListener;

/**
 * A listener that prints steps above the progress bar.
 *
 * @param bar the bar
 * @param messages where steps are printed
 * @param shown whether steps are printed
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
