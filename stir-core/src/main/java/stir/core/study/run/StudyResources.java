package stir.core.study.run;

import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.network.open.Networks;

/**
 * The networks, measures and terms that an experiment can name.
 *
 * @param networks the opener of networks
 * @param measures all measures
 * @param terms all terms of objectives
 */
public record StudyResources(Networks networks, MeasureCatalogue measures, TermCatalogue terms) {}
