/** The parts that both formats share: facts about libtorch's functions, records of archives. */
@org.jspecify.annotations.NullMarked
package stir.backend.djl.libtorch;
