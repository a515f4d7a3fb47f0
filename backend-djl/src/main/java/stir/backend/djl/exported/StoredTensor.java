package stir.backend.djl.exported;

import java.util.List;

/**
 * A tensor of a program: a view of stored values, counted in elements. Unchecked.
 *
 * @param type the class of their storage, as pickles name it: {@code torch.FloatStorage}
 * @param elements the number of stored values
 * @param offset the first value
 * @param sizes the dimensions
 * @param strides the distances of neighbours along each dimension
 */
record StoredTensor(
        StoredRecord values, String type, long elements, long offset, List<Long> sizes, List<Long> strides) {
    /** Returns the tensor with values of another type. */
    StoredTensor as(String other) {
        return new StoredTensor(values, other, elements, offset, sizes, strides);
    }
}
