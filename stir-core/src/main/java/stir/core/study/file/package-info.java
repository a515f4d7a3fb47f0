/** Experiments written in YAML. */
@NullMarked
package stir.core.study.file;

import org.jspecify.annotations.NullMarked;
