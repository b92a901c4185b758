package autograd.nn.io;

import autograd.array.Shape;
import autograd.nn.io.SafeTensorsHeader.Entry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The header of a safetensors file as text, strictly. Apart, because the library may be absent. */
final class HeaderJson {
    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    /** Names are of the file's choosing, so none is kept in tables. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(3).maxNumberLength(20)
                    .maxNameLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser json;
    private final String name;

    private HeaderJson(JsonParser json, String name) {
        this.json = json;
        this.name = name;
    }

    // ---- writing

    /** The bytes of a header; the name of the file stands in messages. */
    static byte[] write(SafeTensorsHeader header, String name) {
        if (header.tensors().containsKey(METADATA))
            throw new IllegalArgumentException(name + ": no tensor may be called " + METADATA);
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            write(header, json);
        } catch (IOException e) {
            throw new AssertionError("texts in memory do not fail", e);
        }
        text.write(" ".repeat(-StandardCharsets.UTF_8.encode(text.toString()).remaining() & ALIGNMENT - 1));
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text.getBuffer()));
            return Arrays.copyOf(bytes.array(), bytes.remaining());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": a name or text is no Unicode: half of a surrogate pair", e);
        }
    }

    private static void write(SafeTensorsHeader header, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (!header.metadata().isEmpty()) {
            json.writeObjectFieldStart(METADATA);
            for (var text : header.metadata().entrySet())
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

    /** The header with this text; the name of the file stands in messages. */
    static SafeTensorsHeader read(byte[] text, String name) {
        if (text.length == 0 || text[0] != '{')
            throw new IllegalArgumentException(name + " is no safetensors file: its header does not begin with {");
        try (var json = JSON
                .createParser(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString())) {
            return new HeaderJson(json, name).header();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + ": its header is no UTF-8; fetch it again", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(name + ": its header is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new AssertionError("texts in memory do not fail", e);
        }
    }

    private SafeTensorsHeader header() throws IOException {
        SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        demand("the header", JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (key.equals(METADATA))
                metadata = metadata();
            else
                tensors.put(key, entry("tensor " + key));
        }
        if (json.nextToken() != null)
            throw bad("the header", "is followed by something other than spaces");
        return new SafeTensorsHeader(tensors, metadata);
    }

    private SequencedMap<String, String> metadata() throws IOException {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        demand(METADATA, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            demand(METADATA, JsonToken.VALUE_STRING);
            texts.put(key, json.getText());
        }
        return texts;
    }

    private Entry entry(String what) throws IOException {
        Stored type = null;
        Shape shape = null;
        List<Long> offsets = List.of();
        demand(what, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME)
            switch (json.currentName()) {
                case "dtype" -> type = type(what);
                case "shape" -> shape = Stored.shape(numbers(what), name + ": " + what);
                case "data_offsets" -> offsets = numbers(what);
                case String other -> throw bad(what, "has a field " + other + ", which the format does not know");
            }
        if (type == null || shape == null || offsets.size() != 2)
            throw bad(what, "lacks one of dtype, shape and two data_offsets");
        return new Entry(type, shape, offsets.getFirst(), offsets.getLast());
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
        if (json.nextToken() != token)
            throw bad(what, "has " + json.getText() + " where " + token + " must be");
    }

    private IllegalArgumentException bad(String what, String why) {
        return new IllegalArgumentException(name + ": " + what + " " + why);
    }
}
