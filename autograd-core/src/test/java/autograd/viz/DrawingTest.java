package autograd.viz;

import static autograd.viz.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.array.DType;
import autograd.viz.TapeGraph.Vertex;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.xml.sax.InputSource;

/** Graphs in Graphviz's language and as pictures show the same tensors, and boxes do not overlap. */
class DrawingTest {
    @Test
    void dotOfMicrograd() throws IOException {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.micrograd(Tapes.variable("a", -4), Tapes.variable("b", 2));
            assertGolden("micrograd.dot", Dot.of(tape, loss));
        }
    }

    @Test
    void dotOfAStepOfANetwork() throws IOException {
        try (var tape = new GradientTape()) {
            Tapes.Result step = Tapes.mlp(tape);
            assertGolden("mlp.dot", Dot.of(tape, step.loss(), step.names()));
        }
    }

    @Test
    void namesAreQuoted() throws Exception {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.variable("a\"<&\\b", 1).exp();
            assertTrue(Dot.of(tape, loss).contains("[label=\"a\\\"<&\\\\b\\nvalue 1\\n"), Dot.of(tape, loss));
            assertEquals(List.of("a\"<&\\b", "value 1", "grad 2.718282"), texts(box(picture(Svg.of(tape, loss)), 0)));
        }
    }

    @Test
    void anyNameCanBeDrawn(@TempDir Path folder) throws Exception {
        String smile = "\uD83D\uDE00";
        for (String name : List.of("a\0b\n\u001b\u007f\u0085\u2028\uFFFF", "half \uD83D", smile.repeat(30),
                "a" + smile.repeat(30), smile.repeat(200), "a" + smile.repeat(200)))
            try (var tape = new GradientTape()) {
                Tensor loss = Tapes.variable(name, 1).exp();
                String shown = texts(box(picture(Svg.of(tape, loss)), 0)).getFirst();
                assertTrue(shown.matches("[\\w .\uFFFD]+|a?(" + smile + ")+\\.\\."), shown);
                assertTrue(Dot.of(tape, loss).contains(shown), shown);
                Path page = folder.resolve("page.html"), listing = folder.resolve("listing");
                TapePage.write(page, tape, loss);
                Files.writeString(listing, Listing.of(tape, loss)); // refuses half a character
                assertTrue(Files.readString(page).contains(shown), shown);
            }
    }

    @Test
    void pictureAndListingAgree() throws Exception {
        try (var tape = new GradientTape()) {
            Tapes.Result step = Tapes.mlp(tape);
            TapeGraph graph = new TapeGraph(tape, step.loss(), step.names());
            Document picture = picture(Svg.of(tape, step.loss(), step.names()));
            String listing = Listing.of(graph), dot = Dot.of(graph);
            for (Vertex v : graph.vertices()) {
                List<String> texts = texts(box(picture, v.id()));
                assertTrue(dot.contains("n" + v.id() + " [label=\"" + String.join("\\n", texts) + "\""), v.name());
                assertEquals(!v.isInline(), listing.contains("  " + v.name() + " "), v.name());
                assertEquals(graph.isDead(v), texts.contains("not reached"), v.name());
                assertEquals(graph.isDead(v), box(picture, v.id()).getAttribute("class").contains("dead"), v.name());
            }
            assertEquals(graph.edges().size(), elements(picture, "path").stream()
                    .filter(p -> p.getAttribute("class").startsWith("edge")).count());
        }
    }

    @Test
    void boxesDoNotOverlapAndEdgesPassBetweenThem() throws Exception {
        try (var tape = new GradientTape()) {
            assertApart(Svg.of(tape, Tapes.micrograd(Tapes.variable("a", -4), Tapes.variable("b", 2))));
        }
        try (var tape = new GradientTape()) {
            assertApart(Svg.of(tape, Tapes.mlp(tape).loss()));
        }
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.neurons(6, 13);
            assertTrue(tape.nodes().size() > 300);
            assertApart(Svg.of(tape, loss));
        }
    }

    @Test
    void aSingleVariableIsAGraphToo() throws Exception {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.scalar(DType.F64, 3));
            assertEquals(List.of("x0", "value 3", "grad 1"), texts(box(picture(Svg.of(tape, x)), 0)));
        }
    }

    private static void assertApart(String svg) throws Exception {
        Document picture = picture(svg);
        List<Rectangle2D> boxes = new ArrayList<>();
        for (Element r : elements(picture, "rect"))
            boxes.add(new Rectangle2D.Double(attribute(r, "x"), attribute(r, "y"), attribute(r, "width"),
                    attribute(r, "height")));
        Rectangle2D page = new Rectangle2D.Double(0, 0, attribute(picture.getDocumentElement(), "width"),
                attribute(picture.getDocumentElement(), "height"));
        for (int i = 0; i < boxes.size(); i++) {
            assertTrue(page.contains(boxes.get(i)));
            for (int j = 0; j < i; j++)
                assertTrue(!boxes.get(i).intersects(boxes.get(j)), boxes.get(i) + " and " + boxes.get(j));
        }
        for (Element path : elements(picture, "path"))
            if (path.getAttribute("class").startsWith("edge"))
                assertPassesBetween(path.getAttribute("d"), boxes);
    }

    /** Vertical segments of edges do not cross boxes. */
    private static void assertPassesBetween(String path, List<Rectangle2D> boxes) {
        double x = 0, y = 0;
        for (String piece : path.replace("C", "\nC").replace("V", "\nV").split("\n")) {
            String[] numbers = piece.substring(1).trim().split(" ");
            if (piece.startsWith("V")) {
                Rectangle2D lane = new Rectangle2D.Double(x - 1, y, 2, Double.parseDouble(numbers[0]) - y);
                assertTrue(boxes.stream().noneMatch(lane::intersects), path);
            } else {
                x = Double.parseDouble(numbers[numbers.length - 2]);
                y = Double.parseDouble(numbers[numbers.length - 1]);
            }
        }
    }

    private static double attribute(Element e, String name) { return Double.parseDouble(e.getAttribute(name)); }

    private static Document picture(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document picture, String tag) {
        NodeList found = picture.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
    }

    private static Element box(Document picture, int id) {
        return elements(picture, "g").stream().filter(g -> g.getAttribute("id").equals("n" + id)).findFirst()
                .orElseThrow();
    }

    private static List<String> texts(Element box) {
        NodeList found = box.getElementsByTagName("text");
        return IntStream.range(0, found.getLength()).mapToObj(i -> found.item(i).getTextContent()).toList();
    }
}
