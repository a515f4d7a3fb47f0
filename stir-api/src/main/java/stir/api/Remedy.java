package stir.api;

/**
 * An action with which a user may solve a problem. The message describes it; front ends add their
 * own means, for example the name of an option.
 *
 * @since 0.1.0
 */
public enum Remedy {
    /** Writing into another folder or file. */
    CHOOSE_ANOTHER_FOLDER,
    /** Replacing results of other settings. */
    REPLACE_RESULTS,
    /** Limiting the instruction set of the processor to one that all machines have. */
    PIN_INSTRUCTION_SET,
    /** Allowing results of unlike machines in one study. */
    ALLOW_MIXED_MACHINES,
    /** Choosing the measured layer from the list of layers. */
    NAME_LAYER,
    /** Choosing the layer of an additional reference from the list of layers. */
    NAME_REFERENCE_LAYER,
    /** Naming the backend that opens the model. */
    NAME_BACKEND,
    /** Allowing less memory for comparisons. */
    LOWER_MEMORY_LIMIT,
    /** Giving the Java process more memory. */
    RAISE_JAVA_MEMORY,
    /** Installing the libraries with which backends compute on a GPU. */
    INSTALL_GPU_LIBRARIES,
    /** Computing on the CPU. */
    COMPUTE_ON_CPU,
    /** Giving the shape of one input. */
    GIVE_SHAPE,
    /** Estimating gradients from passes. */
    ESTIMATE_GRADIENT,
    /** Bringing images to one size. */
    UNIFY_IMAGE_SIZE,
    /** Resizing images before they are cropped. */
    RESIZE_IMAGES,
    /** Naming the array of a file that holds the inputs. */
    NAME_ARRAY,
    /** Naming the channel of sounds. */
    NAME_CHANNEL,
    /** Naming the normalisation that the model expects. */
    NAME_NORMALISATION,
    /** Allowing networks that are not functions of their input. */
    ALLOW_INCONSISTENT,
    /** Naming the range of the inputs' values. */
    NAME_RANGE,
    /** Giving an input of the model that is not searched. */
    GIVE_INPUT,
    /** Naming the input of the model that is searched. */
    NAME_SEARCHED_INPUT,
    /** Giving an input of a search's second network that is not searched. */
    GIVE_SECOND_INPUT,
    /** Naming the input of a search's second network that is searched. */
    NAME_SECOND_SEARCHED_INPUT,
    /** Giving the elements of inputs that the search leaves as they are. */
    GIVE_FIXED
}
