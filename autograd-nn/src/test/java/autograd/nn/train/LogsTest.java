package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Trainable;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

class LogsTest {
    private record Parabola(Variable x) implements Trainable {}

    @TempDir
    private Path folder;

    private static Trainer<Integer> trainer() {
        var model = new Parabola(new Variable("x", Tensor.of(1)));
        return Trainer.of(model, (_, _) -> model.x(), (x, _) -> x.square().sum(), new Sgd(0.25), new Rng(0));
    }

    private static void fit(Trainer<Integer> trainer, int epochs, TrainerCallback... callbacks) {
        trainer.fit(_ -> List.of(1, 2), List.of(3), epochs, callbacks);
    }

    @Test
    void csvHasALineForEachEpoch() throws IOException {
        Path file = folder.resolve("logs/run.csv");
        fit(trainer(), 2, (_, e) -> e.values().put("a, b", e.number() / 4.0), new CsvLog(file));
        assertEquals("""
                epoch,steps,learning_rate,loss,validation,"a, b"
                1,2,0.25,0.625,0.0625,0.25
                2,4,0.25,0.0390625,0.00390625,0.5
                """, Files.readString(file));
    }

    @Test
    void csvContinuesWithTraining() throws IOException {
        Path file = folder.resolve("run.csv");
        Files.writeString(file, "of a run before\n");
        var trainer = trainer();
        fit(trainer, 2, new CsvLog(file));
        List<String> two = Files.readAllLines(file);
        fit(trainer, 3, new CsvLog(file));
        List<String> three = Files.readAllLines(file);
        assertEquals(4, three.size());
        assertEquals(two, three.subList(0, 3));
        var again = trainer();
        fit(again, 2);
        fit(again, 3, new CsvLog(file)); // the line of epoch 3 is written anew
        assertEquals(three, Files.readAllLines(file));
    }

    /** A program may be killed within any line. */
    @Test
    void csvContinuesAfterTheLastCompleteLine() throws IOException {
        Path file = folder.resolve("run.csv");
        TrainerCallback values = (_, e) -> e.values().put("a \"b\",\nc", e.number() / 4.0);
        fit(trainer(), 3, values, new CsvLog(file));
        String whole = Files.readString(file);
        for (int length = 0; length <= whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            var resumed = trainer();
            fit(resumed, 2);
            fit(resumed, 3, values, new CsvLog(file));
            String again = Files.readString(file);
            String header = whole.substring(0, whole.indexOf("\n1,") + 1), last = whole.substring(whole.indexOf("3,6"));
            String complete = whole.substring(0, whole.lastIndexOf('\n', length - 1) + 1);
            String kept = complete.startsWith(header) ? complete.replace(last, "") : header;
            assertEquals(kept + last, again, "cut after " + length);
        }
    }

    @Test
    void csvQuotesFormulas() throws IOException {
        Path file = folder.resolve("run.csv");
        fit(trainer(), 1, (_, e) -> {
            for (String name : List.of("=1+1", "+a", "-a", "@a", "a=b"))
                e.values().put(name, 0.0);
        }, new CsvLog(file));
        assertEquals("epoch,steps,learning_rate,loss,validation,\"=1+1\",\"+a\",\"-a\",\"@a\",a=b",
                Files.readAllLines(file).getFirst());
        Files.writeString(file, "epoch,steps\nnot a number\n");
        var resumed = trainer();
        fit(resumed, 1);
        assertSays(assertThrows(IllegalArgumentException.class, () -> fit(resumed, 2, new CsvLog(file))),
                file.toString(), "not a number");
        assertEquals("epoch,steps\nnot a number\n", Files.readString(file));
    }

    @Test
    void csvDoesNotMixColumns() {
        Path file = folder.resolve("run.csv");
        assertSays(assertThrows(IllegalStateException.class, () -> fit(trainer(), 2, (_, e) -> {
            if (e.number() == 2)
                e.values().put("late", 0.0);
        }, new CsvLog(file))), "CsvLog", file.toString(), "late");
    }

    /** A field of a message: its number and what it holds. */
    private record Field(int number, Object value) {}

    /** Reads TFRecords as the format is described, with check sums computed bit by bit. */
    private static List<List<Field>> events(Path file) throws IOException {
        List<List<Field>> events = new ArrayList<>();
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            while (in.available() > 0) {
                byte[] length = in.readNBytes(8);
                assertEquals(masked(length), Integer.reverseBytes(in.readInt()));
                byte[] data = in.readNBytes((int) number(length));
                assertEquals(masked(data), Integer.reverseBytes(in.readInt()));
                events.add(fields(data));
            }
        }
        return events;
    }

    private static long number(byte... littleEndian) {
        long value = 0;
        for (int i = littleEndian.length - 1; i >= 0; i--)
            value = value << 8 | littleEndian[i] & 0xFF;
        return value;
    }

    private static int masked(byte... data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++)
                crc = crc >>> 1 ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
        }
        long sum = ~crc & 0xFFFFFFFFL;
        return (int) ((sum >> 15 | sum << 17) + 0xa282ead8L);
    }

    private static List<Field> fields(byte... message) throws IOException {
        List<Field> fields = new ArrayList<>();
        try (var in = new DataInputStream(new java.io.ByteArrayInputStream(message))) {
            while (in.available() > 0) {
                long key = varint(in);
                fields.add(new Field((int) (key >> 3), switch ((int) key & 7) {
                    case 0 -> varint(in);
                    case 1 -> Double.longBitsToDouble(number(in.readNBytes(8)));
                    case 2 -> in.readNBytes((int) varint(in));
                    case 5 -> Float.intBitsToFloat((int) number(in.readNBytes(4)));
                    default -> throw new IOException("no such encoding in key " + key);
                }));
            }
        }
        return fields;
    }

    private static long varint(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            int b = in.read();
            if (b < 0)
                throw new EOFException();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }

    private static String text(Object bytes) { return new String((byte[]) bytes, StandardCharsets.UTF_8); }

    /** The scalars of an event, as {@code step tag=value}. */
    private static List<String> scalars(List<Field> event) throws IOException {
        List<String> scalars = new ArrayList<>();
        assertEquals(List.of(1, 2, 5), event.stream().map(Field::number).toList());
        for (Field value : fields((byte[]) event.get(2).value())) {
            assertEquals(1, value.number());
            List<Field> scalar = fields((byte[]) value.value());
            assertEquals(List.of(1, 2), scalar.stream().map(Field::number).toList());
            scalars.add(event.get(1).value() + " " + text(scalar.get(0).value()) + "=" + scalar.get(1).value());
        }
        return scalars;
    }

    private List<Path> files(Path logs) throws IOException {
        try (Stream<Path> files = Files.list(logs)) {
            return files.sorted().toList();
        }
    }

    @Test
    void tensorBoardHasEveryNumberOverTheSteps() throws IOException {
        Path logs = folder.resolve("logs/one");
        double begun = System.currentTimeMillis() / 1000.0;
        fit(trainer(), 2, new TensorBoardLog(logs));
        assertEquals(1, files(logs).size());
        Path file = files(logs).getFirst();
        assertTrue(file.getFileName().toString().matches("events\\.out\\.tfevents\\.\\d{10}\\..+"), file::toString);
        List<List<Field>> events = events(file);
        assertEquals(3, events.size());
        assertEquals("brain.Event:2", text(events.getFirst().get(1).value()));
        assertEquals(3, events.getFirst().get(1).number());
        for (List<Field> event : events)
            assertTrue((double) event.getFirst().value() >= begun, event::toString);
        assertEquals(List.of("2 loss=0.625", "2 validation=0.0625", "2 learning_rate=0.25"), scalars(events.get(1)));
        assertEquals(List.of("4 loss=0.0390625", "4 validation=0.00390625", "4 learning_rate=0.25"),
                scalars(events.get(2)));
    }

    /**
     * The file was made by Google's protobuf 3.21 from event.proto, with sums of TFRecords computed bit by bit.
     */
    @Test
    void eventsHaveTheBytesOfProtocolBuffers() throws IOException {
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", 0.625);
        values.put("caf\u00e9", 0.0);
        values.put("validation", Double.NaN);
        var file = new ByteArrayOutputStream();
        file.writeBytes(TensorBoardLog.record(TensorBoardLog.version(1500000000.25, 0)));
        file.writeBytes(TensorBoardLog.record(TensorBoardLog.event(1500000001.5, new Epoch(1, 300, 0.001, values))));
        try (var expected = LogsTest.class.getResourceAsStream("/io/events.tfevents")) {
            assertArrayEquals(expected.readAllBytes(), file.toByteArray());
        }
    }

    @Test
    void everyRunHasAFileOfItsOwn() throws IOException {
        var trainer = trainer();
        fit(trainer, 1, new TensorBoardLog(folder));
        fit(trainer, 200, new TensorBoardLog(folder));
        List<Path> files = files(folder);
        assertEquals(2, files.size());
        List<List<Field>> second = events(files.get(1));
        assertEquals(200, second.size());
        assertEquals(400L, second.getLast().get(1).value());
    }
}
