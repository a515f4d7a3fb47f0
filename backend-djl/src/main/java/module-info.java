/** PyTorch: exported programs and TorchScript archives, through the Deep Java Library. */
module stir.backend.djl {
    requires static org.jspecify;
    requires transitive stir.api;
    requires ai.djl.api;
    requires ai.djl.pytorch_engine;
    requires com.google.gson; // DJL's own; reads the programs of torch.export
    requires org.slf4j; // needed by DJL, whose automatic modules do not require it

    provides stir.api.BackendProvider with
            stir.backend.djl.DjlBackendProvider;
}
