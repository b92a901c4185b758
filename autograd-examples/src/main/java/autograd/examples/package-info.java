/**
 * Examples, one short file each, and {@code Main}, which starts an example by name. Each file also runs
 * alone: {@code java -p jars --add-modules ALL-MODULE-PATH autograd/examples/SingleNeuron.java}.
 */
@NullMarked
package autograd.examples;

import org.jspecify.annotations.NullMarked;
