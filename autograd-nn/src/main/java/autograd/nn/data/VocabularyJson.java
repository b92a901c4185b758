package autograd.nn.data;

import autograd.nn.files.InputFile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The vocabulary of an encoding as JSON. A separate class, because Jackson may be absent. */
final class VocabularyJson {
    /** Does not cache names, which come from the file. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private VocabularyJson() {}

    /** Reads the id of each token; an error names the file. */
    static Map<String, Integer> read(Path file) {
        return InputFile.read(file, (in, _) -> {
            try (JsonParser json = JSON.createParser(in)) {
                return ids(json, file);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(file + " is not a vocabulary in JSON: " + e.getOriginalMessage(), e);
            }
        });
    }

    private static Map<String, Integer> ids(JsonParser json, Path file) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        if (json.nextToken() != JsonToken.START_OBJECT)
            throw new IllegalArgumentException(file + " must hold a JSON object: the id of each token");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String token = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_NUMBER_INT)
                throw new IllegalArgumentException(file + ": token " + token + " has " + json.getText()
                        + "; its id must be a whole number");
            if (ids.put(token, json.getIntValue()) != null)
                throw new IllegalArgumentException(file + " has token " + token + " twice");
        }
        if (json.nextToken() != null)
            throw new IllegalArgumentException(file + ": the JSON object must be followed by nothing");
        return ids;
    }
}
