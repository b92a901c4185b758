import module autograd.nn;

/** The operations on tensors, family by family. */
void families() {
    for (Class<?> family : Tensor.class.getInterfaces())
        IO.println("%-14s %s".formatted(family.getSimpleName(), Stream.of(family.getDeclaredMethods())
                .filter(m -> m.isDefault() && !m.isSynthetic()).map(Method::getName).distinct().sorted()
                .collect(Collectors.joining(" "))));
}
