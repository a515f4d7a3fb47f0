package stir.backend.djl.torchscript;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.SourceException;

/** A check for networks that take the integers of tokens, which have no gradient. */
final class TokenIds {
    private static final Set<String> EMBEDDINGS = Set.of("Embedding", "EmbeddingBag");

    /** Functions that change the shape or the type of token ids. */
    private static final Set<String> RESHAPING =
            Set.of("view", "reshape", "flatten", "to", "type_as", "contiguous", "clone", "squeeze");

    private final ScriptNetwork network;
    private final Set<ScriptMethod> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private TokenIds(ScriptNetwork network) {
        this.network = network;
    }

    /**
     * Checks a network.
     *
     * @throws SourceException if it looks its input up in a table of embeddings
     */
    static void check(ScriptNetwork network) {
        new TokenIds(network).visit(network.frame());
    }

    private void visit(Frame frame) {
        for (var inner : network.calls().within(frame)) {
            if (EMBEDDINGS.contains(inner.owner().simpleName())
                    && isInput(inner.argument(network.inputs().of(inner.method())))) {
                throw SourceException.ofTokenIds();
            }
            if (seen.add(inner.method())) {
                visit(inner);
            }
        }
    }

    private boolean isInput(@Nullable SourceValue value) {
        var ids = value == null ? null : network.flow().origin(value);
        return ids != null
                && (network.flow().isInput(ids) || (isReshaped(ids) && isInput(ReachingDefinitions.argument(ids, 0))));
    }

    private boolean isReshaped(SourceValue ids) {
        return ids.expression().kind() == Expression.Kind.CALL
                && network.flow().entered(ids) == null
                && RESHAPING.contains(network.flow().function(ids));
    }
}
