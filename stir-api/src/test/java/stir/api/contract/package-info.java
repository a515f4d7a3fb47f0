/**
 * Tests that every backend, similarity measure and objective term passes, for their authors to
 * extend. Part of stir-api's test-jar.
 */
package stir.api.contract;
