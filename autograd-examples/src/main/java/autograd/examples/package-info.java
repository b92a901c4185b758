/** Examples, one short file each, and {@code Main}, which starts the one named. */
@NullMarked
package autograd.examples;

import org.jspecify.annotations.NullMarked;
