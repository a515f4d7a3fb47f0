package stir.backend.tf.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import stir.api.DataException;

/** The operations of the native library, with their attributes, outputs and gradients. */
public final class OpRegistry {
    private static final Set<DataType> FLOATING =
            Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE, DataType.DT_HALF, DataType.DT_BFLOAT16);

    private final Map<String, OpDef> definitions = new HashMap<>();
    private final ConfigProto config;
    private @Nullable Boolean differentiatesGroups;

    /**
     * Reads the registry; the native library must be loaded.
     *
     * @param config the settings of sessions
     */
    public OpRegistry(ConfigProto config) {
        this.config = config;
        for (OpDef definition : TensorFlow.registeredOpList().getOpList()) {
            definitions.put(definition.getName(), definition);
        }
    }

    /** Returns whether values of a type have derivatives. */
    public static boolean isFloating(DataType type) {
        return FLOATING.contains(type);
    }

    /**
     * Returns the definition of a node's operation.
     *
     * @throws DataException if this TensorFlow does not have the operation
     */
    OpDef definition(NodeDef node) {
        var definition = definitions.get(node.getOp());
        if (definition == null) {
            throw new DataException(
                    "The operation %s (node %s) does not exist in TensorFlow %s: export the model without it."
                            .formatted(node.getOp(), node.getName(), TensorFlow.version()));
        }
        return definition;
    }

    /** Returns a node's attribute or its default, which files omit; null if it has neither. */
    @Nullable
    AttrValue attribute(NodeDef node, String name) {
        var value = node.getAttrMap().get(name);
        var definition = definitions.get(node.getOp());
        if (value != null || definition == null) {
            return value;
        }
        for (OpDef.AttrDef attribute : definition.getAttrList()) {
            if (attribute.getName().equals(name) && attribute.hasDefaultValue()) {
                return attribute.getDefaultValue();
            }
        }
        return null;
    }

    /**
     * Returns a node's attribute, or its default.
     *
     * @throws DataException if it has neither
     */
    public AttrValue requiredAttribute(NodeDef node, String name) {
        var value = attribute(node, name);
        if (value == null) {
            throw new DataException("The node %s (%s) lacks its attribute '%s': the graph is damaged, export it again."
                    .formatted(node.getName(), node.getOp(), name));
        }
        return value;
    }

    /** Returns the number of tensors that an argument stands for. */
    static int size(OpDef.ArgDef argument, Function<String, AttrValue> attributes) {
        if (!argument.getNumberAttr().isEmpty()) {
            return (int) attributes.apply(argument.getNumberAttr()).getI();
        }
        if (!argument.getTypeListAttr().isEmpty()) {
            return attributes.apply(argument.getTypeListAttr()).getList().getTypeCount();
        }
        return 1;
    }

    /** Returns the type of a node's output; {@code DT_INVALID} if there is no such output. */
    public DataType outputType(NodeDef node, int index) {
        int first = 0;
        for (OpDef.ArgDef output : definition(node).getOutputArgList()) {
            int size = size(output, name -> requiredAttribute(node, name));
            if (index < first + size) {
                if (!output.getTypeAttr().isEmpty()) {
                    return requiredAttribute(node, output.getTypeAttr()).getType();
                }
                return output.getTypeListAttr().isEmpty()
                        ? output.getType()
                        : requiredAttribute(node, output.getTypeListAttr())
                                .getList()
                                .getType(index - first);
            }
            first += size;
        }
        return DataType.DT_INVALID;
    }

    /**
     * Returns whether an operation has an entry in the C++ gradient registry, which may be "no
     * gradient".
     */
    boolean hasGradient(String operation) {
        return tensorflow.TFJ_HasGradient(operation);
    }

    /**
     * Returns whether gradients of convolutions with groups can be computed. TensorFlow decides by
     * the processor whether it takes oneDNN's kernels, and only these and a GPU's can, so a small
     * one is tried.
     */
    public boolean differentiatesGroups() {
        if (differentiatesGroups == null) {
            differentiatesGroups = tryGroups();
        }
        return differentiatesGroups;
    }

    private boolean tryGroups() {
        try (var graph = new Graph();
                var session = new Session(graph, config)) {
            var tf = Ops.create(graph);
            var ones = tf.constant(new float[][][][] {{{{1, 1}}}});
            var gradient =
                    tf.nn.conv2dBackpropInput(tf.array(1, 1, 1, 2), ones, ones, List.of(1L, 1L, 1L, 1L), "VALID");
            session.runner().addTarget(gradient.op()).run().close();
            return true;
        } catch (TFInvalidArgumentException | TFUnimplementedException e) {
            return false;
        }
    }
}
