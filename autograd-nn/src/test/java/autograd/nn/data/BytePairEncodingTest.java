package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares tokens with those of another library for a small vocabulary. */
class BytePairEncodingTest {
    private static final Path FOLDER = folder();
    private static final BytePairEncoding SMALL = read(FOLDER);

    @TempDir
    private Path temporary;

    private static Path folder() {
        try {
            return Path.of(BytePairEncodingTest.class.getResource("/byte-pairs").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static BytePairEncoding read(Path folder) {
        return BytePairEncoding.read(folder.resolve("vocab.json"), folder.resolve("merges.txt"));
    }

    @Test
    void textIsCutIntoTheTokensOfTheOtherLibrary() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(FOLDER.resolve("encodings.json").toFile());
        assertEquals(11, cases.size());
        for (JsonNode c : cases) {
            String text = c.get("text").textValue();
            int[] ids = StreamSupport.stream(c.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
            assertArrayEquals(ids, SMALL.encode(text), c::toString);
            assertEquals(text, SMALL.decode(ids));
        }
    }

    @Property(tries = 200)
    void decodedTokensAreTheText(@ForAll String text) {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        for (BytePairEncoding encoding : List.of(SMALL, BytePairEncoding.bytes()))
            assertEquals(valid, encoding.decode(encoding.encode(valid)));
    }

    @Test
    void bytesAreTheirOwnTokens() {
        var bytes = BytePairEncoding.bytes();
        assertEquals(256, bytes.size());
        assertArrayEquals(new int[]{' ', 'a', 0xC3, 0xA9, '\n'}, bytes.encode(" a\u00e9\n"));
    }

    @Test
    void idsAboveTheVocabularyAndHalvesOfCharactersAreReplaced() {
        assertEquals("a\uFFFDb", BytePairEncoding.bytes().decode('a', 256, 'b'));
        assertEquals("a\uFFFDb", BytePairEncoding.bytes().decode('a', 0xC3, 'b'));
    }

    @Test
    void halvesOfCharactersAndNegativeTokensAreRefused() {
        for (String half : List.of("\ud83d", "a\ude00b", "\ude00\ud83d"))
            assertTrue(assertThrows(IllegalArgumentException.class, () -> SMALL.encode(half)).getMessage()
                    .contains("surrogate"));
        assertEquals("\ud83d\ude00", SMALL.decode(SMALL.encode("\ud83d\ude00")));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SMALL.decode(0, -1)).getMessage()
                .contains("no token -1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"vocab.json|\"!\": 0|\"!\": 1|\" has 1",
            "vocab.json|\"!\": 0|\"!\": 320|has 320",
            "vocab.json|\"!\": 0|\"!\": -1|has -1", "vocab.json|\"!\": 0|\"!\": []|token !",
            "vocab.json|\"!\": 0|\"!\": true|token !", "vocab.json|\"!\": 0|\"!\": 1.5|token !",
            "vocab.json|\"!\": 0|\"!\": 99999999999|99999999999", "vocab.json|\"!\": 0|\"#\": 0|# twice",
            "vocab.json|{|[|JSON object", "vocab.json|}|} 1|nothing", "vocab.json|}||JSON",
            "merges.txt|\u0120 t|\u0120t|\u0120t", "merges.txt|\u0120 t|\u0120 t t|\u0120 t t",
            "merges.txt|\u0120 t|\u0120 q|\u0120 q"})
    void messageOfAWrongFileNamesItAndItsFault(String name, String from, String to, String fault) throws IOException {
        for (String file : List.of("vocab.json", "merges.txt"))
            Files.copy(FOLDER.resolve(file), temporary.resolve(file));
        Path wrong = temporary.resolve(name);
        String content = Files.readString(wrong);
        int last = content.lastIndexOf(from);
        assertTrue(last >= 0);
        Files.writeString(wrong, from.equals("}")
                ? content.substring(0, last) + (to == null ? "" : to) + content.substring(last + 1)
                : content.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
        assertSays(assertThrows(IllegalArgumentException.class, () -> read(temporary)), wrong.toString(), fault);
    }

    @Test
    void messageOfAFileThatCannotBeReadNamesIt() throws IOException {
        Path vocabulary = FOLDER.resolve("vocab.json"), none = temporary.resolve("none");
        assertSays(assertThrows(UncheckedIOException.class, () -> BytePairEncoding.read(none, none)), none.toString(),
                "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> BytePairEncoding.read(vocabulary, none)),
                none.toString(), "does not exist");
        Path latin = Files.write(temporary.resolve("latin"), new byte[]{'a', ' ', (byte) 0xE9});
        assertSays(assertThrows(IllegalArgumentException.class, () -> BytePairEncoding.read(vocabulary, latin)),
                latin.toString(), "UTF-8");
        assertSays(assertThrows(IllegalArgumentException.class, () -> BytePairEncoding.read(latin, none)),
                latin.toString(), "JSON");
    }
}
