package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an exception says to whoever made the mistake. */
public final class Message {
    private Message() {}

    /** Demands that a message has all of these parts. */
    public static void assertSays(Throwable e, String... parts) {
        for (String part : parts)
            assertTrue(String.valueOf(e.getMessage()).contains(part), () -> part + " is not in: " + e.getMessage());
    }
}
