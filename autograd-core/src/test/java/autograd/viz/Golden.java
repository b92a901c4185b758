package autograd.viz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that were reviewed and must not change; {@code -Dwrite.golden=true} rewrites them. */
final class Golden {
    private Golden() {}

    static void assertGolden(String name, String text) throws IOException {
        Path file = Path.of("src/test/resources/viz", name);
        if (Boolean.getBoolean("write.golden")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text,
                name + " has changed; if rightly so: mvn -q test -pl autograd-core -Dtest='autograd.viz.*Test' "
                        + "-Dwrite.golden=true");
    }
}
