package autograd.nn.io;

/** A floating-point type in a file. Numbers are rounded to nearest, ties to even. */
public enum FloatType {
    /** 16 bits: 11 of precision, up to 65504 (IEEE 754 binary16). */
    F16(Stored.F16),
    /** 16 bits: 8 of precision, with the range of F32 (bfloat16). */
    BF16(Stored.BF16),
    /** 32 bits. */
    F32(Stored.F32),
    /** 64 bits. */
    F64(Stored.F64);

    final Stored stored;

    FloatType(Stored stored) { this.stored = stored; }
}
