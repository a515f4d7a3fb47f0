/** What programs of both formats share: libtorch's functions and the archives that it loads. */
@org.jspecify.annotations.NullMarked
package stir.backend.djl.libtorch;
