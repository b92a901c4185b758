package autograd.nn.io;

import autograd.array.Shape;
import autograd.nn.files.InputFile;
import autograd.nn.io.SafeTensorsHeader.Entry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The header of a safetensors file as JSON. A separate class, because Jackson may be absent. */
final class HeaderJson {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    /** The largest number of metadata entries: many short strings take far more memory than the file. */
    private static final int MAX_TEXTS = 100_000;
    private static final int MAX_INDEX = 100_000_000;
    private static final String WEIGHTS = "weight_map";
    /** Nests as deep as the format's own library allows; does not cache names, which come from the file. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(127).maxNumberLength(20)
                    .maxNameLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).build())
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser json;
    private final String name;

    private HeaderJson(JsonParser json, String name) {
        this.json = json;
        this.name = name;
    }

    // ---- writing

    /** The bytes of a header; messages contain the name of the file. */
    static byte[] write(SafeTensorsHeader header, Map<String, String> metadata, String name) {
        if (header.tensors().containsKey(METADATA))
            throw new IllegalArgumentException(name + ": no tensor may be called " + METADATA);
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            write(header, metadata, json);
        } catch (IOException e) {
            throw new AssertionError("texts in memory do not fail", e);
        }
        text.write(" ".repeat(-StandardCharsets.UTF_8.encode(text.toString()).remaining() & ALIGNMENT - 1));
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text.getBuffer()));
            return Arrays.copyOf(bytes.array(), bytes.remaining());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    name + ": a name or text is not Unicode, it has half of a surrogate pair", e);
        }
    }

    private static void write(SafeTensorsHeader header, Map<String, String> metadata, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        if (!metadata.isEmpty()) {
            json.writeObjectFieldStart(METADATA);
            for (var text : metadata.entrySet())
                json.writeStringField(text.getKey(), text.getValue());
            json.writeEndObject();
        }
        for (var tensor : header.tensors().entrySet()) {
            Entry entry = tensor.getValue();
            json.writeObjectFieldStart(tensor.getKey());
            json.writeStringField("dtype", entry.type().name());
            json.writeFieldName("shape");
            json.writeArray(entry.shape().dims(), 0, entry.shape().rank());
            json.writeFieldName("data_offsets");
            json.writeArray(new long[]{entry.begin(), entry.end()}, 0, 2);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    // ---- reading

    /** Reads the tensors of a header; messages begin with the name of the file. */
    static SafeTensorsHeader read(byte[] text, String name) {
        return read(text, name, HeaderJson::tensors);
    }

    /** Reads the metadata of a header. */
    static SequencedMap<String, String> metadata(byte[] text, String name) {
        return read(text, name, HeaderJson::metadata);
    }

    /** Reads the index of a model in several files: the file of each tensor, in the folder of the index. */
    static SequencedMap<String, String> index(Path file) {
        byte[] text = InputFile.read(file, (in, length) -> {
            if (length > MAX_INDEX)
                throw new IllegalArgumentException(file + " has " + length + " bytes, the limit of an index is "
                        + MAX_INDEX);
            return in.readAllBytes();
        });
        return read(text, file.toString(), HeaderJson::index);
    }

    private SequencedMap<String, String> index() throws IOException {
        SequencedMap<String, String> index = new LinkedHashMap<>();
        boolean found = false;
        demand("the index", JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            if (!key.equals(WEIGHTS)) {
                json.skipChildren();
                continue;
            }
            if (found)
                throw bad("the index", "has " + WEIGHTS + " twice");
            found = true;
            demandHere(WEIGHTS, JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String tensor = json.currentName();
                demand(WEIGHTS, JsonToken.VALUE_STRING);
                if (index.put(tensor, beside(json.getText())) != null)
                    throw bad(WEIGHTS, "has " + tensor + " twice");
            }
        }
        if (!found || json.nextToken() != null)
            throw bad("the index", "has no " + WEIGHTS + ", or something after its end");
        return index;
    }

    private String beside(String file) {
        if (file.isEmpty() || file.equals(".") || file.equals("..") || file.matches("(?s).*[/\\\\:\0].*"))
            throw bad(WEIGHTS, "names \"" + file + "\"; only files in the same folder are read");
        return file;
    }

    private interface Part<T> {
        T of(HeaderJson json) throws IOException;
    }

    private static <T> T read(byte[] text, String name, Part<T> part) {
        if (text.length == 0 || text[0] != '{')
            throw new IllegalArgumentException(
                    name + ": its header does not begin with {; it is not a safetensors file");
        var strict = StandardCharsets.UTF_8.newDecoder(); // reports malformed input
        try (var json = JSON.createParser(new InputStreamReader(new ByteArrayInputStream(text), strict))) {
            return part.of(new HeaderJson(json, name));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": its header is not UTF-8; fetch it again", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + ": its header is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new AssertionError("texts in memory do not fail", e);
        }
    }

    /** Validates the metadata without keeping it, because it may be larger than all tensors. */
    private SafeTensorsHeader tensors() throws IOException {
        SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
        boolean texts = false;
        demand("the header", JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (key.equals(METADATA) ? texts : tensors.containsKey(key))
                throw bad("the header", "has " + key + " twice");
            if (key.equals(METADATA)) {
                texts = true;
                texts((_, _) -> {});
            } else
                tensors.put(key, entry("tensor " + key));
        }
        if (json.nextToken() != null)
            throw bad("the header", "is followed by something other than spaces");
        return new SafeTensorsHeader(tensors);
    }

    private SequencedMap<String, String> metadata() throws IOException {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        demand("the header", JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME)
            if (json.currentName().equals(METADATA))
                texts((key, value) -> {
                    if (metadata.put(key, value.text()) != null)
                        throw bad(METADATA, "has " + key + " twice");
                    if (metadata.size() > MAX_TEXTS)
                        throw bad(METADATA, "has more than " + MAX_TEXTS + " texts, which is the limit");
                });
            else {
                json.nextToken();
                json.skipChildren();
            }
        return metadata;
    }

    /** A message that is built only when needed. */
    private interface Value {
        String text() throws IOException;
    }

    private interface Texts {
        void add(String key, Value value) throws IOException;
    }

    /** The metadata: strings by name, or null for none. */
    private void texts(Texts texts) throws IOException {
        if (json.nextToken() == JsonToken.VALUE_NULL)
            return;
        demandHere(METADATA, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            demand(METADATA, JsonToken.VALUE_STRING);
            texts.add(key, json::getText);
        }
    }

    private Entry entry(String what) throws IOException {
        Stored type = null;
        Shape shape = null;
        List<Long> offsets = null;
        demand(what, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME)
            switch (json.currentName()) {
                case "dtype" -> {
                    demandFirst(type, what);
                    type = type(what);
                }
                case "shape" -> {
                    demandFirst(shape, what);
                    shape = Stored.shape(numbers(what), name + ": " + what);
                }
                case "data_offsets" -> {
                    demandFirst(offsets, what);
                    offsets = numbers(what);
                }
                default -> { // skipped, as in the format's own library
                    json.nextToken();
                    json.skipChildren();
                }
            }
        if (type == null || shape == null || offsets == null || offsets.size() != 2)
            throw bad(what, "lacks one of dtype, shape and two data_offsets");
        return new Entry(type, shape, offsets.getFirst(), offsets.getLast());
    }

    private void demandFirst(@Nullable Object before, String what) throws IOException {
        if (before != null)
            throw bad(what, "has " + json.currentName() + " twice");
    }

    private Stored type(String what) throws IOException {
        demand(what, JsonToken.VALUE_STRING);
        String dtype = json.getText();
        return Stream.of(Stored.values()).filter(t -> t.name().equals(dtype)).findFirst()
                .orElseThrow(() -> bad(what, "has dtype " + dtype + ", which is not read; convert it to F32"));
    }

    private List<Long> numbers(String what) throws IOException {
        List<Long> numbers = new ArrayList<>();
        demand(what, JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            long number = json.getLongValue();
            if (json.getText().startsWith("-"))
                throw bad(what, "has " + json.getText() + " where only 0 and more can be");
            if (numbers.size() == Stored.MAX_RANK)
                throw bad(what, "has a list of more than " + Stored.MAX_RANK + " numbers");
            numbers.add(number);
        }
        if (json.currentToken() != JsonToken.END_ARRAY)
            throw bad(what, "has " + json.getText() + " where a whole number must be");
        return numbers;
    }

    private void demand(String what, JsonToken token) throws IOException {
        json.nextToken();
        demandHere(what, token);
    }

    private void demandHere(String what, JsonToken token) throws IOException {
        if (json.currentToken() != token)
            throw bad(what, "has " + json.getText() + " where " + token + " must be");
    }

    private IllegalArgumentException bad(String what, String why) {
        return new IllegalArgumentException(name + ": " + what + " " + why);
    }
}
