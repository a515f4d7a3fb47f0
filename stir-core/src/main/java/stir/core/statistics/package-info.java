/** How far a score can be trusted: its uncertainty, and where it lies between floor and ceiling. */
@NullMarked
package stir.core.statistics;

import org.jspecify.annotations.NullMarked;
