/** Opening files, and saying why that failed. Not exported. */
@NullMarked
package autograd.nn.files;

import org.jspecify.annotations.NullMarked;
