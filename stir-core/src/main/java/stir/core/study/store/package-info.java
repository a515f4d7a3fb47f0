/** What a study has stored, and how it is written. */
@NullMarked
package stir.core.study.store;

import org.jspecify.annotations.NullMarked;
