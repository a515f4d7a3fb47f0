/**
 * PyTorch: TorchScript archives, and networks built with DJL, through the Deep Java Library.
 *
 * <p>Found as a {@link stir.api.BackendProvider}; a program that builds its networks with DJL uses
 * {@link stir.backend.djl.DjlModels} directly.
 */
module stir.backend.djl {
    requires static org.jspecify;
    requires transitive stir.api;
    requires transitive ai.djl.api; // the Model of DJL is a parameter of DjlModels
    requires ai.djl.pytorch_engine;
    requires com.google.gson; // DJL's own; reads the programs of torch.export
    requires org.slf4j; // needed by DJL, whose automatic modules do not require it

    exports stir.backend.djl;

    provides stir.api.BackendProvider with
            stir.backend.djl.DjlBackendProvider;
}
