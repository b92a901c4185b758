/** Writes models as ONNX files. */
module autograd.onnx {
    requires transitive autograd.nn;
    requires com.google.protobuf;
    requires org.tribuo.util.onnx;
    requires static org.jspecify;

    exports autograd.onnx;
}
