/**
 * Broken copies of models' files, and the processes that open them, for the tests of Stir's own
 * modules. In a jar of its own (classifier {@code mutants}), apart from the contracts.
 */
package stir.api.mutants;
