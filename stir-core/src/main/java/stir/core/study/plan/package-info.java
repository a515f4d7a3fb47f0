/** What a study is asked to do, and all that it has to do: values. */
@NullMarked
package stir.core.study.plan;

import org.jspecify.annotations.NullMarked;
