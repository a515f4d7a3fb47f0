/** Whether a network as it was exported can be measured and searched, and whether it is right. */
@NullMarked
package stir.core.examination;

import org.jspecify.annotations.NullMarked;
