package autograd.nn.planted.two;

import autograd.nn.planted.one.Here;

import java.util.List;

/** The other half. */
public record There(List<Here> back) {
    Here first() { return back.getFirst(); }
}
