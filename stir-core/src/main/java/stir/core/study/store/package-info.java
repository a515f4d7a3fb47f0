/** The stored results of a study, and their documents. */
@NullMarked
package stir.core.study.store;

import org.jspecify.annotations.NullMarked;
