package stir.core.extension.load;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import stir.api.BackendException;
import stir.api.BackendProvider;
import stir.api.ObjectiveTerm;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.StirException;

/**
 * A guard around an object of a plug-in, and around the objects that it returns. All unexpected
 * failures, and numbers that no such object returns, become a {@link BackendException} that names
 * the jar.
 */
final class PluginGuard implements InvocationHandler {
    /** The tolerance at the ends of the scale for rounding errors, relative to its width. */
    private static final double ROUNDING = 1e-6;

    /** The interfaces of guarded objects, the more specific ones first. */
    private static final List<Class<?>> INTERFACES = List.of(
            SimilarityMeasure.MergingAccumulator.class,
            SimilarityMeasure.Accumulator.class,
            ObjectiveTerm.Evaluation.class,
            ToDoubleFunction.class);

    private final PluginCalls plugin;
    private final Object guarded;
    private final Optional<Scale> scale;

    private PluginGuard(PluginCalls plugin, Object guarded, Optional<Scale> scale) {
        this.plugin = plugin;
        this.guarded = guarded;
        this.scale = scale;
    }

    /**
     * Guards a backend.
     *
     * @throws BackendException if its facts are invalid
     */
    static BackendProvider of(PluginCalls jar, BackendProvider backend) {
        var plugin = jar.to("backend", jar.id(backend::id));
        plugin.text(backend::description);
        plugin.call(backend::settings);
        return new PluginGuard(plugin, backend, Optional.empty()).as(BackendProvider.class);
    }

    /**
     * Guards a measure.
     *
     * @throws BackendException if its facts are invalid
     */
    static SimilarityMeasure of(PluginCalls jar, SimilarityMeasure measure) {
        var plugin = jar.to("measure", jar.id(measure::id));
        plugin.text(measure::description);
        plugin.call(measure::parameters);
        var scale = Optional.of(plugin.call(measure::scale));
        return new PluginGuard(plugin, measure, scale).as(SimilarityMeasure.class);
    }

    /**
     * Guards a term.
     *
     * @throws BackendException if its facts are invalid
     */
    static ObjectiveTerm of(PluginCalls jar, ObjectiveTerm term) {
        var plugin = jar.to("term", jar.id(term::id));
        plugin.text(term::description);
        plugin.call(term::parameters);
        return new PluginGuard(plugin, term, Optional.empty()).as(ObjectiveTerm.class);
    }

    private <T> T as(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        var bare = Stream.of(arguments == null ? new Object[0] : arguments)
                .map(PluginGuard::bare)
                .toArray();
        if (method.getReturnType() == void.class) {
            plugin.run(() -> call(method, bare));
            return null;
        }
        var result = plugin.call(() -> call(method, bare));
        return result == guarded ? proxy : guard(result);
    }

    /** Returns an argument without its guard. */
    private static @Nullable Object bare(@Nullable Object argument) {
        return argument != null
                        && Proxy.isProxyClass(argument.getClass())
                        && Proxy.getInvocationHandler(argument) instanceof PluginGuard guard
                ? guard.guarded
                : argument;
    }

    private Object call(Method method, Object[] arguments) throws ReflectiveOperationException {
        try {
            return method.invoke(guarded, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof StirException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private Object guard(Object result) {
        if (result instanceof Double value) {
            scale.ifPresentOrElse(of -> check(value, of), () -> check(value));
        } else if (result instanceof Long bytes && bytes < 0) {
            throw plugin.fault("requested %d bytes".formatted(bytes));
        } else if (result instanceof Optional<?> optional) {
            return optional.map(this::guard);
        } else if (result instanceof SimilarityMeasure measure) {
            return of(plugin, measure);
        } else if (result instanceof ObjectiveTerm term) {
            return of(plugin, term);
        }
        var type = INTERFACES.stream().filter(one -> one.isInstance(result)).findFirst();
        return type.isEmpty() ? result : new PluginGuard(plugin, result, scale).as(type.get());
    }

    private void check(double value) {
        if (Double.isNaN(value)) {
            throw plugin.fault("returned NaN");
        }
    }

    private void check(double value, Scale scale) {
        double width = Math.min(scale.highest() - scale.lowest(), Double.MAX_VALUE);
        double slack = ROUNDING * Math.max(1, Math.min(width, Math.abs(value)));
        boolean isOnScale =
                Double.isFinite(value) && value >= scale.lowest() - slack && value <= scale.highest() + slack;
        if (!isOnScale) {
            throw plugin.fault("returned %s, which is not on the scale from %s to %s,"
                    .formatted(value, scale.lowest(), scale.highest()));
        }
    }
}
