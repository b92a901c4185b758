package autograd.nn.planted.one;

import autograd.nn.planted.two.There;

/** Half of a cycle of packages. */
public record Here(There there) {}
