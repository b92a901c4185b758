/**
 * Examples, one short file each, and {@code Main}, which starts the one named. A file needs no other: its
 * {@code void main()}, or {@code void main(String[] args)} where it has options, also runs alone, on a path
 * with the jars: {@code java -p jars --add-modules ALL-MODULE-PATH autograd/examples/SingleNeuron.java}.
 */
@NullMarked
package autograd.examples;

import org.jspecify.annotations.NullMarked;
