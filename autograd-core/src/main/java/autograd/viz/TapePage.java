package autograd.viz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

public final class TapePage {
    private TapePage() {}

    /** A part of the page. */
    static String resource(String name) {
        try (var in = TapePage.class.getResourceAsStream(name)) {
            if (in == null)
                throw new IllegalStateException("autograd/viz/" + name + " is missing from autograd-core");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
