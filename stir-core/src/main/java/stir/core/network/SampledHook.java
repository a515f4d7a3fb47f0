package stir.core.network;

import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.api.support.BatchPool;

/** A hook for a sample of the units of a layer, around the hook of the whole layer. */
final class SampledHook extends WrappedHook {
    private final Layer layer;
    private final int[] units;
    private final BatchPool whole;
    private final BatchPool sampled;

    /**
     * Creates a hook for some of a layer's units.
     *
     * @param hook owned by this hook, which closes it
     */
    SampledHook(LayerHook hook, UnitSample sample) {
        super(hook);
        var all = hook.layer();
        this.units = sample.units(all.shape().size());
        this.layer = new Layer(sample.name(), all.kind(), Shape.of(units.length), all.obstacle());
        this.whole = new BatchPool(all.shape());
        this.sampled = new BatchPool(layer.shape());
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public OptionalInt batch() {
        return hook.batch();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        whole.lend(inputs.rows(), all -> {
            hook.represent(inputs, all);
            choose(all, representations);
        });
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        whole.lend(inputs.rows(), all -> {
            spread(cotangents, all);
            hook.pullback(inputs, all, gradients);
        });
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        CotangentRule ofAll = (values, cotangents) -> sampled.lend(inputs.rows(), chosen -> {
            choose(values, representations);
            rule.apply(representations, chosen);
            spread(chosen, cotangents);
        });
        whole.lend(inputs.rows(), all -> hook.pullback(inputs, ofAll, all, gradients));
    }

    private void choose(Batch all, Batch chosen) {
        for (int row = 0; row < all.rows(); row++) {
            for (int i = 0; i < units.length; i++) {
                chosen.set(row, i, all.get(row, units[i]));
            }
        }
    }

    /** Writes the values of the chosen units; those of all others become 0. */
    private void spread(Batch chosen, Batch all) {
        for (int row = 0; row < all.rows(); row++) {
            for (int unit = 0; unit < all.rowSize(); unit++) {
                all.set(row, unit, 0);
            }
            for (int i = 0; i < units.length; i++) {
                all.set(row, units[i], chosen.get(row, i));
            }
        }
    }
}
