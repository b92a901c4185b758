package autograd.nn.io;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.SequencedMap;
import java.util.SequencedSet;

/** An open file of named tensors. */
interface TensorFile extends AutoCloseable {
    /** The names of the tensors. */
    SequencedSet<String> names();

    /** The shape of a tensor. */
    Shape shape(String tensor);

    /** The dtype of a tensor after reading. */
    DType readDType(String tensor);

    /** Reads a tensor. */
    Tensor tensor(String tensor);

    /** The metadata: strings by name. */
    SequencedMap<String, String> metadata();

    @Override
    void close();
}
