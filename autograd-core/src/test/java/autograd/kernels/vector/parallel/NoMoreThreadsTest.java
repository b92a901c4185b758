package autograd.kernels.vector.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import autograd.Tensor;
import autograd.Variable;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process that may have no more threads computes alone. */
class NoMoreThreadsTest {
    private static final String LIMITED = "no more threads", RESULT = "400.0";

    static final class Program {
        static void main() {
            if (mayHaveThreads(500))
                return;
            IO.println(LIMITED);
            Variable a = new Variable(Tensor.ones(400, 400));
            for (int i = 0; i < 4; i++) // enough for the loops over vectors to be wanted
                a.assign(a.matmul(Tensor.eye(400)));
            IO.println(a.matmul(a.transpose()).mean().item());
        }

        private static boolean mayHaveThreads(int count) {
            try {
                for (int i = 0; i < count; i++)
                    Thread.ofPlatform().daemon().start(LockSupport::park);
                return true;
            } catch (OutOfMemoryError _) {
                return false;
            }
        }
    }

    /** As another user, for whom the limit counts: for root it does not. */
    private static Process limited() throws IOException {
        return new ProcessBuilder("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", "bash", "-c",
                "ulimit -u 150 && exec \"$@\"", "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "--add-modules=jdk.incubator.vector", "-Dautograd.threads=4", "-cp",
                System.getProperty("java.class.path"), Program.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    @Test
    void largeProductsAreDoneByTheirCaller() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        Process java = limited();
        List<String> said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.contains("[warning]")).toList();
        int status = java.waitFor();
        assumeTrue(said.contains(LIMITED), "the limit cannot be set here: " + said);
        assertEquals(List.of(LIMITED, RESULT), said);
        assertEquals(0, status);
    }
}
