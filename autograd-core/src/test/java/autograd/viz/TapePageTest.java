package autograd.viz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.SourceLines;
import autograd.Tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The page is one file that carries its data safely, and the data are those of the listing. */
class TapePageTest {
    private static JsonNode data(String page) throws Exception {
        return new ObjectMapper().readTree(page.replaceAll("(?s).*id=\"data\">(.*?)</script>.*", "$1"));
    }

    private static Stream<JsonNode> stream(JsonNode array) { return StreamSupport.stream(array.spliterator(), false); }

    @Test
    void itsLinesAreThoseOfTheListing() throws Exception {
        try (var tape = new GradientTape()) {
            Tapes.Result step = Tapes.mlp(tape);
            TapeGraph graph = new TapeGraph(tape, step.loss(), step.names());
            JsonNode data = data(TapePage.of(graph));
            List<String> lines = Stream.concat(
                    stream(data.get("nodes")).map(n -> n.get("line").asText()).filter(s -> !s.isEmpty()),
                    Stream.concat(Stream.of(data.get("seed").asText()),
                            stream(data.get("orders").get("right").get("steps")).map(s -> s.get(4).asText())))
                    .toList();
            List<String> listing = Listing.of(graph).lines().filter(l -> l.startsWith("  "))
                    .map(l -> l.strip().replaceAll(" +(?=\\+?= )", " ")).toList();
            assertEquals(listing, lines);
            assertTrue(data.get("orders").get("right").get("wrong").isEmpty());
        }
    }

    @Test
    void namesCannotEndTheScript() throws Exception {
        String evil = "</script><!--\u2028\"\\\u0007&{{data}}\ud83d";
        try (var tape = new GradientTape()) {
            String page = TapePage.of(new TapeGraph(tape, Tapes.variable(evil, 1).exp(), Map.of()));
            assertEquals(2, page.split("</script>", -1).length - 1);
            assertFalse(page.contains("<!--"));
            assertEquals("</script><!--\uFFFD\"\\\uFFFD&{{data}}\uFFFD",
                    data(page).get("nodes").get(0).get("name").asText());
        }
    }

    @Test
    void nothingIsFetched() {
        for (String part : List.of("page.html", "page.css", "page.js", "drawing.css"))
            assertFalse(TapePage.resource(part).replace("http://www.w3.org/2000/svg", "").contains("//www")
                    || TapePage.resource(part).matches("(?s).*(https?:|@import|url\\(['\"]?[^#]).*")
                            && !part.equals("page.js"),
                    part);
        assertTrue(TapePage.resource("page.html").contains("default-src 'none'"));
    }

    @Test
    void linesOfSourceAreTold() throws Exception {
        try (var tape = new GradientTape(new SourceLines())) {
            Tensor loss = Tapes.variable("x", 2).square();
            JsonNode node = data(TapePage.of(new TapeGraph(tape, loss, Map.of()))).get("nodes").get(1);
            assertTrue(node.get("source").asText().matches("TapePageTest.java:\\d+, linesOfSourceAreTold"),
                    node::toString);
        }
    }

    @Test
    void localDerivatives() throws Exception {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.variable("x", 3).mul(Tapes.variable("y", 5)).square();
            JsonNode edges = data(TapePage.of(new TapeGraph(tape, loss, Map.of()))).get("edges");
            assertEquals(List.of("5", "3", "30"), stream(edges).map(e -> e.get("derivative").asText()).toList());
        }
    }

    @Test
    void aFileIsWrittenOrTheErrorNamesIt(@TempDir Path folder) throws Exception {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.variable("x", 3).exp();
            TapePage.write(folder.resolve("tape.html"), tape, loss);
            assertTrue(Files.readString(folder.resolve("tape.html")).startsWith("<!doctype html>"));
            Path missing = folder.resolve("no").resolve("tape.html");
            String message = assertThrows(UncheckedIOException.class, () -> TapePage.write(missing, tape, loss))
                    .getMessage();
            assertTrue(message.contains(missing.toString()), message);
        }
    }
}
