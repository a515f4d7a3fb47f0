package stir.cli.page;

/**
 * A layer of a study.
 *
 * @param model the index of its network
 * @param name what the network calls it
 * @param folder where its parts lie, within the folder of a kind of part
 */
record PlacedLayer(int model, String name, String folder) {}
