/** Names of networks, layers and parts of an experiment. */
@NullMarked
package stir.core.study.names;

import org.jspecify.annotations.NullMarked;
