package stir.backend.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;

import stir.api.FakeRelu;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The blocks of a network with a known order: the children of sequential blocks, and the branches
 * of parallel ones. Immutable.
 */
final class BlockTree {
    private static final Pattern RELU = Pattern.compile("^ReLU$");

    /** Functions that preserve the values of a ReLU; dropout is a separate block. */
    private static final Pattern SHAPE_CHANGES = Pattern.compile("(?i)flatten|identity");

    private static final Pattern POOLING = Pattern.compile("(?i)pool");

    private final Block root;
    private final Map<String, Block> blocks = new LinkedHashMap<>();

    /** The predecessor of each block, or nothing if the block reads the network's inputs. */
    private final Map<String, String> sources = new HashMap<>();

    BlockTree(Block root) {
        this.root = root;
        add(root, "", "");
    }

    private void add(Block block, String path, String source) {
        if (isOpen(block)) {
            var previous = source;
            for (var child : block.getChildren()) {
                var name = path + child.getKey();
                add(child.getValue(), name + ".", previous);
                blocks.put(name, child.getValue());
                sources.put(name, previous);
                previous = block instanceof ParallelBlock ? source : name;
            }
        }
    }

    private static boolean isOpen(Block block) {
        return block instanceof SequentialBlock || block instanceof ParallelBlock;
    }

    /** Returns the layers' names, in the order of computation. */
    Set<String> names() {
        return blocks.keySet();
    }

    /** Returns the class of a layer's block, or the name of its function. */
    String kind(String layer) {
        var block = blocks.get(layer);
        return block instanceof LambdaBlock lambda
                ? lambda.getName()
                : block == null ? "Block" : block.getClass().getSimpleName();
    }

    /**
     * Runs the network up to a layer.
     *
     * @param fakeRelu the name of a ReLU that passes gradients, if any
     * @return the result of the layer's block
     */
    NDList run(NDList inputs, String layer, Optional<String> fakeRelu) {
        return run(root, "", layer, inputs, fakeRelu.orElse(""));
    }

    private static NDList run(
            Block block, String path, String layer, NDList inputs, String fakeRelu) {
        var values = inputs;
        for (var child : block.getChildren()) {
            var name = path + child.getKey();
            var branch = block instanceof ParallelBlock ? inputs : values;
            if (layer.startsWith(name + ".")) {
                return run(child.getValue(), name + ".", layer, branch, fakeRelu);
            }
            if (layer.equals(name)) {
                return forward(child.getValue(), name, branch, fakeRelu);
            }
            if (block instanceof SequentialBlock) {
                values = forward(child.getValue(), name, values, fakeRelu);
            }
        }
        throw new IllegalStateException("There is no block " + layer);
    }

    /** Returns a block's values. Children of a block that contains the ReLU run separately. */
    private static NDList forward(Block block, String name, NDList inputs, String fakeRelu) {
        if (name.equals(fakeRelu)) {
            var value = inputs.singletonOrThrow();
            // exact: a positive value adds 0 to itself, and otherwise the sum is 0
            return new NDList(value.add(Activation.relu(value).sub(value).stopGradient()));
        }
        if (fakeRelu.startsWith(name + ".") && block instanceof SequentialBlock) {
            var values = inputs;
            for (var child : block.getChildren()) {
                values = forward(child.getValue(), name + "." + child.getKey(), values, fakeRelu);
            }
            return values;
        }
        return plain(block, inputs);
    }

    private static NDList plain(Block block, NDList inputs) {
        return block.forward(new ParameterStore(manager(inputs), false), inputs, false);
    }

    private static NDManager manager(NDList inputs) {
        return inputs.get(0).getManager();
    }

    /** Runs the whole network and passes each layer's values to a visitor, in order. */
    void run(NDList inputs, BiConsumer<String, NDList> visitor) {
        run(root, "", inputs, visitor);
    }

    private static NDList run(
            Block block, String path, NDList inputs, BiConsumer<String, NDList> visitor) {
        if (!isOpen(block)) {
            return plain(block, inputs);
        }
        var values = inputs;
        for (var child : block.getChildren()) {
            boolean branch = block instanceof ParallelBlock;
            var found =
                    run(
                            child.getValue(),
                            path + child.getKey() + ".",
                            branch ? inputs : values,
                            visitor);
            visitor.accept(path + child.getKey(), found);
            values = branch ? values : found;
        }
        return block instanceof ParallelBlock ? plain(block, inputs) : values;
    }

    /** Returns the selected ReLU that computes a layer's values, if there is one. */
    Optional<String> relu(String layer, FakeRelu wanted) {
        var name = wanted == FakeRelu.NONE ? "" : layer;
        for (var block = blocks.get(name); block != null; block = blocks.get(name)) {
            if (isNamed(block, RELU)) {
                return Optional.of(name);
            }
            if (block instanceof SequentialBlock && !block.getChildren().isEmpty()) {
                var children = block.getChildren();
                name += "." + children.get(children.size() - 1).getKey();
            } else {
                name = keepsRelu(block, wanted) ? sources.getOrDefault(name, "") : "";
            }
        }
        return Optional.empty();
    }

    private static boolean keepsRelu(Block block, FakeRelu wanted) {
        return isNamed(block, POOLING)
                ? wanted == FakeRelu.BEFORE_LAYER
                : block instanceof Dropout || isNamed(block, SHAPE_CHANGES);
    }

    private static boolean isNamed(Block block, Pattern function) {
        return block instanceof LambdaBlock lambda && function.matcher(lambda.getName()).find();
    }

    /** Returns the blocks that run in sequence; a parallel block counts as one. */
    private List<String> leaves() {
        return blocks.keySet().stream()
                .filter(name -> !(blocks.get(name) instanceof SequentialBlock))
                .filter(this::isOutsideBranches)
                .toList();
    }

    private boolean isOutsideBranches(String name) {
        for (int dot = name.lastIndexOf('.'); dot >= 0; dot = name.lastIndexOf('.', dot - 1)) {
            if (blocks.get(name.substring(0, dot)) instanceof ParallelBlock) {
                return false;
            }
        }
        return root instanceof SequentialBlock;
    }

    /** Returns the layer before the last linear one, if only functions follow that. */
    Optional<String> classifierInput() {
        var leaves = leaves();
        for (int i = leaves.size() - 1; i > 0; i--) {
            var block = blocks.get(leaves.get(i));
            if (block instanceof Linear) {
                return Optional.of(leaves.get(i - 1));
            }
            if (!(block instanceof LambdaBlock)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
