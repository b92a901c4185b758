/**
 * Models as ONNX files, which other programs run: {@link autograd.onnx.Onnx}.
 *
 * <p>
 * Reading order: {@link autograd.onnx.Onnx}, {@link autograd.onnx.Trace} (how a model is recorded),
 * {@link autograd.onnx.Translator} (from the recording to a graph), {@link autograd.onnx.Operators}
 * (operation by operation), {@link autograd.onnx.Graph} (the file).
 */
@NullMarked
package autograd.onnx;

import org.jspecify.annotations.NullMarked;
