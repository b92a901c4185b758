package autograd.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The instruction set that both sides of a comparison are restricted to. */
enum Isa {
    /** Whatever each side chooses on this processor. */
    NATIVE(null, List.of(), Map.of()),
    /** Vectors of 256 bits in 16 registers. */
    AVX2("avx2", List.of("-XX:UseAVX=2"),
            Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "DNNL_MAX_CPU_ISA", "AVX2", "ATEN_CPU_CAPABILITY", "avx2",
                    "MKL_ENABLE_INSTRUCTIONS", "AVX2", "OPENBLAS_CORETYPE", "Haswell")),
    /** Vectors of 512 bits in 32 registers. */
    AVX512("avx512f", List.of("-XX:UseAVX=3"),
            Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE", "DNNL_MAX_CPU_ISA", "AVX512_CORE", "ATEN_CPU_CAPABILITY",
                    "avx512", "MKL_ENABLE_INSTRUCTIONS", "AVX512", "OPENBLAS_CORETYPE", "SkylakeX"));

    private final String flag;
    /** Options of the JVM that runs this framework. */
    final List<String> options;
    /** Variables that the peers' libraries read. */
    final Map<String, String> environment;

    Isa(String flag, List<String> options, Map<String, String> environment) {
        this.flag = flag;
        this.options = options;
        this.environment = environment;
    }

    /** By its name in lower case. */
    static Isa of(String name) {
        for (Isa isa : values())
            if (isa.toString().equals(name))
                return isa;
        throw new IllegalArgumentException("there is no ISA " + name + "; there are native, avx2 and avx512");
    }

    /** Refuses an instruction set that this processor does not have, as far as the system tells. */
    void check() throws IOException {
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (flag != null && Files.exists(cpuinfo) && !Files.readString(cpuinfo).contains(" " + flag + " "))
            throw new UnsupportedOperationException("this processor has no " + this);
    }

    /** What of a peer does not obey the restriction; empty if everything does. */
    String exceptions(String peer) {
        if (this == NATIVE)
            return "";
        return switch (peer) {
            case "tensorflow" -> "TensorFlow's own kernels and Eigen's are compiled for AVX and run as they are; "
                    + "those of oneDNN obey";
            case "libtorch", "djl" -> "kernels of PyTorch's FBGEMM and XNNPACK choose by themselves, if they are used";
            case "micrograd" -> "Python has no vector code";
            default -> "";
        };
    }

    @Override
    public String toString() { return name().toLowerCase(Locale.ROOT); }
}
