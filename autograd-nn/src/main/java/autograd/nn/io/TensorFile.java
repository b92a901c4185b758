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

    /** The dtype that a tensor is read as. */
    DType readDType(String tensor);

    /** Reads a tensor. */
    Tensor tensor(String tensor);

    /** The texts that stand beside the tensors. */
    SequencedMap<String, String> metadata();

    @Override
    void close();
}
