package autograd.nn.data;

import autograd.nn.files.InputFile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Byte pair encoding of GPT-2: a text is split into words, and the bytes of each word in UTF-8 are merged,
 * pair by pair, into tokens of a vocabulary. Sennrich et al., ACL 2016; of bytes: Radford et al., 2019.
 *
 * {@snippet :
 * var encoding = BytePairEncoding.read(Path.of("gpt2/vocab.json"), Path.of("gpt2/merges.txt"));
 * int[] ids = encoding.encode("Once upon a time");
 * String text = encoding.decode(ids); // the same text
 * }
 */
public final class BytePairEncoding {
    private static final Pattern WORD = Pattern.compile(
            "'(?:[stmd]|re|ve|ll)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);
    /** A visible character for each byte. */
    private static final int[] LETTERS = letters();

    private final Map<String, Integer> ids;
    private final String[] tokens;
    private final Map<List<String>, Integer> ranks;

    private BytePairEncoding(Map<String, Integer> ids, String[] tokens, Map<List<String>, Integer> ranks) {
        this.ids = ids;
        this.tokens = tokens;
        this.ranks = ranks;
    }

    // ---- making encodings

    /**
     * Reads an encoding in the format of Hugging Face, whose files are called {@code vocab.json} and
     * {@code merges.txt}.
     *
     * @param vocabulary
     *            a JSON object with the id of each token; the ids are 0 and up, each once
     * @param merges
     *            lines of two tokens with a space between them, in order of priority
     * @return the encoding; an error names the file and what is wrong
     */
    public static BytePairEncoding read(Path vocabulary, Path merges) {
        Map<String, Integer> ids = vocabulary(vocabulary);
        return new BytePairEncoding(ids, tokens(vocabulary, ids), ranks(merges, ids));
    }

    private static Map<String, Integer> vocabulary(Path file) {
        try {
            return VocabularyJson.read(file);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "BytePairEncoding needs the library com.fasterxml.jackson.core:jackson-core;"
                            + " in modules add --add-modules com.fasterxml.jackson.core, or a requires",
                    e);
        }
    }

    /** The tokens by their ids. */
    private static String[] tokens(Path file, Map<String, Integer> ids) {
        String[] tokens = new String[ids.size()];
        ids.forEach((token, id) -> {
            if (id < 0 || id >= tokens.length || tokens[id] != null)
                throw new IllegalArgumentException(file + ": the ids of " + tokens.length
                        + " tokens must be 0 and up, each once; " + token + " has " + id);
            tokens[id] = token;
        });
        return tokens;
    }

    /** The priority of each pair; 0 is merged first. */
    private static Map<List<String>, Integer> ranks(Path file, Map<String, Integer> ids) {
        Map<List<String>, Integer> ranks = new HashMap<>();
        for (String line : text(file).lines().toList()) {
            if (line.isBlank() || line.startsWith("#version"))
                continue;
            List<String> pair = List.of(line.split(" "));
            if (pair.size() != 2)
                throw new IllegalArgumentException(file + ": the line " + line
                        + " must be two tokens with a space between them");
            if (!ids.containsKey(String.join("", pair)) || ranks.putIfAbsent(pair, ranks.size()) != null)
                throw new IllegalArgumentException(file + ": the pair " + line
                        + " must occur once, and the vocabulary must contain the merged token");
        }
        return ranks;
    }

    private static String text(Path file) {
        return InputFile.read(file, (in, _) -> {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException(file + " is not UTF-8; fetch it again", e);
            }
        });
    }

    /** The encoding with one token for each byte and no merges. */
    public static BytePairEncoding bytes() {
        String[] tokens = IntStream.of(LETTERS).mapToObj(Character::toString).toArray(String[]::new);
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int b = 0; b < tokens.length; b++)
            ids.put(tokens[b], b);
        return new BytePairEncoding(ids, tokens, Map.of());
    }

    private static int[] letters() {
        int[] letters = new int[256];
        int others = 256;
        for (int b = 0; b < 256; b++)
            letters[b] = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD ? b : others++;
        return letters;
    }

    // ---- using them

    /** The ids of the tokens of a text, in which surrogates must stand in pairs. */
    public int[] encode(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text))
            throw new IllegalArgumentException(
                    "encode: the text has half of a surrogate pair, which UTF-8 cannot encode; "
                            + "cut texts between characters, not between chars");
        return WORD.matcher(text).results().flatMap(word -> join(word.group()).stream()).mapToInt(token -> {
            Integer id = ids.get(token);
            if (id == null)
                throw new IllegalArgumentException("the vocabulary has no token " + token);
            return id;
        }).toArray();
    }

    private List<String> join(String word) {
        List<String> parts = new ArrayList<>();
        for (byte b : word.getBytes(StandardCharsets.UTF_8))
            parts.add(Character.toString(LETTERS[b & 0xFF]));
        for (int best; (best = bestPair(parts)) < ranks.size();)
            for (int i = 0; i + 1 < parts.size(); i++)
                if (rank(parts, i) == best)
                    parts.set(i, parts.get(i) + parts.remove(i + 1));
        return parts;
    }

    private int bestPair(List<String> parts) {
        return IntStream.range(0, parts.size() - 1).map(i -> rank(parts, i)).min().orElse(ranks.size());
    }

    private int rank(List<String> parts, int i) {
        return ranks.getOrDefault(List.of(parts.get(i), parts.get(i + 1)), ranks.size());
    }

    /**
     * The text of tokens. Bytes that are not UTF-8, and ids above those of the vocabulary, which a model may
     * have, become U+FFFD.
     */
    public String decode(int... ids) {
        var bytes = new ByteArrayOutputStream();
        for (int id : ids)
            if (id < 0)
                throw new IllegalArgumentException(
                        "decode: there is no token " + id + "; tokens are 0 .. " + (tokens.length - 1));
            else if (id < tokens.length)
                tokens[id].chars().forEach(letter -> bytes.write(byteOf(letter)));
            else
                bytes.writeBytes("\uFFFD".getBytes(StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int byteOf(int letter) {
        for (int b = 0; b < LETTERS.length; b++)
            if (LETTERS[b] == letter)
                return b;
        throw new IllegalArgumentException("the letter " + Character.toString(letter) + " does not stand for a byte");
    }

    /** The number of tokens. */
    public int size() { return tokens.length; }
}
