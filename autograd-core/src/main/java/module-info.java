/** Reverse-mode automatic differentiation: tensors, operations with their derivatives, the tape. */
module autograd.core {
    requires static jdk.incubator.vector;
    requires static jdk.management;
    requires static org.jspecify;

    exports autograd;
    exports autograd.array;
    exports autograd.check;
    exports autograd.kernels;
    exports autograd.viz;
}
