package stir.backend.onnx.graph;

import java.util.Optional;

/** The type of a tensor's elements, with ONNX's number for it. */
public enum ElementType {
    /** Unknown. */
    UNDEFINED(0, 0),
    /** IEEE single precision. */
    FLOAT(1, 32),
    /** Unsigned, 8 bits. */
    UINT8(2, 8),
    /** Signed, 8 bits. */
    INT8(3, 8),
    /** Unsigned, 16 bits. */
    UINT16(4, 16),
    /** Signed, 16 bits. */
    INT16(5, 16),
    /** Signed, 32 bits. */
    INT32(6, 32),
    /** Signed, 64 bits. */
    INT64(7, 64),
    /** Text. */
    STRING(8, 0),
    /** True or false, one byte each. */
    BOOL(9, 8),
    /** IEEE half precision. */
    FLOAT16(10, 16),
    /** IEEE double precision. */
    DOUBLE(11, 64),
    /** Unsigned, 32 bits. */
    UINT32(12, 32),
    /** Unsigned, 64 bits. */
    UINT64(13, 64),
    /** Two single-precision floats. */
    COMPLEX64(14, 64),
    /** Two double-precision floats. */
    COMPLEX128(15, 128),
    /** The upper half of a single-precision float. */
    BFLOAT16(16, 16),
    /** 8 bits, 4 of them exponent. */
    FLOAT8E4M3FN(17, 8),
    /** 8 bits, 4 of them exponent, no negative zero. */
    FLOAT8E4M3FNUZ(18, 8),
    /** 8 bits, 5 of them exponent. */
    FLOAT8E5M2(19, 8),
    /** 8 bits, 5 of them exponent, no negative zero. */
    FLOAT8E5M2FNUZ(20, 8),
    /** Unsigned, two to a byte. */
    UINT4(21, 4),
    /** Signed, two to a byte. */
    INT4(22, 4),
    /** 4 bits, two to a byte. */
    FLOAT4E2M1(23, 4);

    private final int code;
    private final int bits;

    ElementType(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    /** Returns ONNX's number for the type. */
    public int code() {
        return code;
    }

    /** Returns the number of bytes of a number of elements in ONNX's raw form. */
    public long bytes(long elements) {
        return (elements * bits + 7) / 8;
    }

    /** Returns whether derivatives with respect to such values are defined. */
    public boolean isReal() {
        return this == FLOAT || this == FLOAT16 || this == DOUBLE || this == BFLOAT16;
    }

    /** Returns the type with a number, if there is one. */
    public static Optional<ElementType> of(long code) {
        return code >= 0 && code < values().length ? Optional.of(values()[(int) code]) : Optional.empty();
    }
}
