package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import stir.api.Remedy;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.backend.djl.libtorch.Arguments;
import stir.backend.djl.libtorch.SourceException;

/** The choice of the searched input among the parameters of {@code forward}. */
final class ForwardParameters {
    private ForwardParameters() {}

    /**
     * Chooses the searched one of the parameters.
     *
     * @param file the network's, for messages
     * @throws SourceException if there is another parameter than tensors that has to be passed
     * @throws UsageException if the given side inputs are not those of the network
     */
    static Arguments arguments(String file, List<ScriptMethod.Parameter> parameters, SideInputs inputs) {
        var tensors = new ArrayList<String>();
        var optional = new ArrayList<String>();
        boolean onlyTensors = true;
        for (var parameter : parameters) {
            boolean isOptional = parameter.declaration().contains("=");
            boolean isTensor =
                    parameter.type().equals("Tensor") || parameter.type().equals("Optional[Tensor]");
            onlyTensors &= isTensor || isOptional;
            if (isTensor) {
                tensors.add(parameter.name());
                if (isOptional) {
                    optional.add(parameter.name());
                }
            }
        }
        if (!onlyTensors || tensors.size() == optional.size()) {
            throw new SourceException(
                    "its network takes (%s), not only tensors"
                            .formatted(String.join(
                                    ", ",
                                    parameters.stream()
                                            .map(ScriptMethod.Parameter::type)
                                            .toList())),
                    "wrap it in a module that does, and export that");
        }
        var searched = inputs.choose(file, tensors, tensors, optional);
        var passed = new ArrayList<String>();
        for (int i = 0; i < parameters.size(); i++) {
            var name = parameters.get(i).name();
            if (name.equals(searched) || inputs.given().containsKey(name)) {
                if (passed.size() < i) {
                    throw new UsageException(
                            "The input '%s' of %s comes after '%s', which has a default value: also give that input."
                                    .formatted(
                                            name,
                                            file,
                                            parameters.get(passed.size()).name()),
                            Remedy.GIVE_INPUT);
                }
                passed.add(name);
            }
        }
        return new Arguments(List.copyOf(passed), searched, inputs);
    }
}
