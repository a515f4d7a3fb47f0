/**
 * Tests that every backend and every similarity measure passes, for their authors to extend. Part
 * of stir-api's test-jar.
 */
package stir.api.contract;
