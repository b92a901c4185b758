package autograd.nn.io;

import java.util.Arrays;
import java.util.Random;

/** Ways in which the bytes of a file can be damaged, by accident or on purpose. */
public enum Damage {
    TRUNCATED {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            return Arrays.copyOf(file, random.nextInt(file.length));
        }
    },
    FLIPPED {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--)
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            return file;
        }
    },
    OVERWRITTEN {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            byte[] with = SPECIAL[random.nextInt(SPECIAL.length)];
            int at = random.nextInt(file.length);
            System.arraycopy(with, 0, file, at, Math.min(with.length, file.length - at));
            return file;
        }
    },
    /** Keeps the length, so that lengths are still right. */
    DIGITS {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            int at = random.nextInt(file.length);
            for (int i = at; i < file.length; i++)
                if (file[i] >= '0' && file[i] <= '9')
                    file[i] = (byte) ('0' + random.nextInt(10));
                else if (i > at + 40)
                    break;
            return file;
        }
    },
    INSERTED {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            byte[] what = TEXTS[random.nextInt(TEXTS.length)].getBytes();
            int at = random.nextInt(file.length);
            return join(file, at, what, file, at);
        }
    },
    SPLICED {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            return join(file, random.nextInt(file.length), new byte[0], other, random.nextInt(other.length));
        }
    },
    CUT_OUT {
        @Override
        byte[] done(byte[] file, byte[] other, Random random) {
            int at = random.nextInt(file.length);
            return join(file, at, new byte[0], file, Math.min(file.length, at + 1 + random.nextInt(16)));
        }
    };

    /** Lengths and numbers that overflow something. */
    private static final byte[][] SPECIAL = {{-1, -1, -1, -1}, {-1, -1, -1, 127}, {127, -1, -1, -1}, {0, 0, 0, -128},
            {-1, -1, -1, -1, -1, -1, -1, -1}, {-1, -1, -1, -1, -1, -1, -1, 127}, {0, 0, 0, 64, 0, 0, 0, 0},
            {0, 0, 0, 0},
            {0, -54, -102, 59}};
    private static final String[] TEXTS = {"999999999", "9999999999999999999", "2147483647", "-1", "{", "}", "[[[[[[",
            "\"", "'", ",", ":", "\\u0000", "1e9", "{\"a\":".repeat(50), "0", "\n", "\r\n", " ".repeat(100)};

    /** The file, which may change, or another array. */
    abstract byte[] done(byte[] file, byte[] other, Random random);

    private static byte[] join(byte[] head, int end, byte[] middle, byte[] tail, int begin) {
        byte[] all = Arrays.copyOf(head, end + middle.length + tail.length - begin);
        System.arraycopy(middle, 0, all, end, middle.length);
        System.arraycopy(tail, begin, all, end + middle.length, tail.length - begin);
        return all;
    }

    /** A file damaged once or a few times. */
    public static byte[] of(byte[] file, byte[] other, Random random) {
        byte[] damaged = file.clone();
        for (int times = 1 + random.nextInt(2); times > 0 && damaged.length > 0; times--)
            damaged = values()[random.nextInt(values().length)].done(damaged, other, random);
        return damaged;
    }
}
