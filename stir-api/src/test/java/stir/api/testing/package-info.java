/**
 * Tests that Stir's own modules share, and their tools: broken copies of models' files, and the
 * processes that open them. In a jar of its own (classifier {@code testing}), apart from the
 * contracts.
 */
package stir.api.testing;
