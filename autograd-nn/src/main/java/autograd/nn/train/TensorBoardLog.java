package autograd.nn.train;

import autograd.nn.files.InputFile;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Writes every epoch's values and learning rate to an event file, for TensorBoard to draw over the steps. It
 * is a sequence of TFRecords: the length of the data, a check sum of the length, the data, a check sum of the
 * data. The data is an {@code Event} in the encoding of protocol buffers.
 */
public final class TensorBoardLog implements TrainerCallback {
    /** Keys of the messages in event.proto and summary.proto: the number of a field and its encoding. */
    private static final int WALL_TIME = 1 << 3 | 1, STEP = 2 << 3, FILE_VERSION = 3 << 3 | 2, SUMMARY = 5 << 3 | 2,
            VALUE = 1 << 3 | 2, TAG = 1 << 3 | 2, SIMPLE_VALUE = 2 << 3 | 5;

    private final Path folder;
    private Path file;

    /** Logs to a new file in a folder, which is created when training begins. */
    public TensorBoardLog(Path folder) {
        this.file = this.folder = folder;
    }

    @Override
    public void begin(Trainer<?> trainer) {
        try {
            Files.createDirectories(folder);
            for (int n = 0; !create(n);)
                n++;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        write(version(now(), trainer.steps()));
    }

    /** Two runs may begin in the same second. */
    private boolean create(int n) throws IOException {
        file = folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.autograd.%d",
                System.currentTimeMillis() / 1000, n));
        try {
            Files.createFile(file);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        }
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) { write(event(now(), epoch)); }

    private static double now() { return System.currentTimeMillis() / 1000.0; }

    /** The first event of a file. */
    static Message version(double time, long step) {
        return event(time, step).bytes(FILE_VERSION, text("brain.Event:2"));
    }

    /** The event of an epoch. */
    static Message event(double time, Epoch epoch) {
        var summary = new Message();
        epoch.values().forEach((name, value) -> summary.bytes(VALUE, scalar(name, value)));
        summary.bytes(VALUE, scalar("learning_rate", epoch.learningRate()));
        return event(time, epoch.steps()).bytes(SUMMARY, summary.encoded());
    }

    /** Omits a number that is 0. */
    private static Message event(double time, long step) {
        Message event = new Message().number(WALL_TIME, time);
        return step == 0 ? event : event.number(STEP, step);
    }

    private static byte[] scalar(String tag, double value) {
        return new Message().bytes(TAG, text(tag)).number(SIMPLE_VALUE, (float) value).encoded();
    }

    private static byte[] text(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    private void write(Message event) {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(record(event));
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** An event with its length and checksums. */
    static byte[] record(Message event) {
        byte[] data = event.encoded(), length = little(Long.BYTES).putLong(data.length).array();
        return little(length.length + data.length + 2 * Integer.BYTES).put(length).putInt(masked(length)).put(data)
                .putInt(masked(data)).array();
    }

    static ByteBuffer little(int bytes) { return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN); }

    /** A masked checksum, which stays valid if checksums are part of the data. */
    private static int masked(byte[] data) {
        var sum = new CRC32C();
        sum.update(data);
        return Integer.rotateRight((int) sum.getValue(), 15) + 0xA282EAD8;
    }

    private UncheckedIOException cannotWrite(IOException e) { return InputFile.cannot("write", file, e); }
}
