package stir.core.network;

import stir.api.Shape;

/**
 * The description of a compared network, for a report.
 *
 * @param model the model's file
 * @param sha256 the hash of the model's bytes, in hexadecimal; empty for a model that was not read
 *     from a file
 * @param backend the id of the backend that ran it
 * @param layer the measured layer
 * @param representation the shape of one input's representation there
 * @param input the shape of one input as the model receives it
 * @since 0.1.0
 */
public record NetworkSummary(
        String model,
        String sha256,
        String backend,
        String layer,
        Shape representation,
        Shape input) {}
