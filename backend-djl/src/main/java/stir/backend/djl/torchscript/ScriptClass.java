package stir.backend.djl.torchscript;

import java.util.Map;

/**
 * A class in an archive's source. PyTorch writes one class for all submodules of one kind whose
 * attributes have the same types, so several paths may lead to it.
 *
 * @param file the source file that contains it
 * @param qualifiedName its name with all packages: {@code __torch__.models.Block}
 * @param isModule whether it is a neural network module
 * @param attributes the types of its attributes by their names, in the order of the source
 * @param end the index of the first line of the file after the class
 */
record ScriptClass(
        String file,
        String qualifiedName,
        boolean isModule,
        Map<String, String> attributes,
        Map<String, ScriptMethod> methods,
        int end) {
    /** Returns the name's hash, since that of all code takes long. */
    @Override
    public int hashCode() {
        return qualifiedName.hashCode();
    }

    /** Returns the class's name in Python: {@code Conv2d}. */
    String simpleName() {
        return qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
    }
}
