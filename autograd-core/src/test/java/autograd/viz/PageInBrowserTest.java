package autograd.viz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.SourceLines;
import autograd.Tensor;
import autograd.Variable;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The page in a real browser: steps, clicks and keys, without errors, requests or overlaps.
 * {@code -Dwrite.screenshots=FOLDER} keeps the screenshots.
 */
class PageInBrowserTest {
    private static Chromium browser;

    @TempDir
    private static Path folder;

    private static Path micrograd, mlp, neurons;
    private static Gradients gradients;
    private static final Variable A = Tapes.variable("a", -4), B = Tapes.variable("b", 2);

    @BeforeAll
    static void open() throws Exception {
        Optional<Path> program = Chromium.installed();
        assumeTrue(program.isPresent(), "no Chromium is installed: the page is not tried in a browser");
        micrograd = folder.resolve("micrograd.html");
        mlp = folder.resolve("mlp.html");
        neurons = folder.resolve("neurons.html");
        try (var tape = new GradientTape(new SourceLines())) {
            Tensor loss = Tapes.micrograd(A, B);
            TapePage.write(micrograd, tape, loss);
            gradients = tape.gradients(loss);
        }
        try (var tape = new GradientTape(new SourceLines())) {
            Tapes.Result step = Tapes.mlp(tape);
            TapePage.write(mlp, tape, step.loss(), step.names());
        }
        try (var tape = new GradientTape(new SourceLines())) {
            TapePage.write(neurons, tape, Tapes.neurons(6, 13));
        }
        browser = new Chromium(program.get());
        browser.look(1440, 900, false, true);
    }

    @AfterAll
    static void close() throws Exception {
        if (browser != null)
            browser.close();
    }

    @AfterEach
    void nothingWentWrong() { assertEquals(List.of(), browser.problems()); }

    private static String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
    }

    private static String status() throws Exception { return text("#status"); }

    /** The text in the box of a variable. */
    private static List<String> box(String name) throws Exception {
        return StreamSupport.stream(browser.evaluate("[...[...document.querySelectorAll('.box')].find(g =>"
                + "g.querySelector('.name').textContent === '" + name + "').querySelectorAll('text')]"
                + ".map(t => t.textContent)").spliterator(), false).map(t -> t.asText()).toList();
    }

    @Test
    void stepsForwardAndBack() throws Exception {
        browser.open(micrograd);
        assertEquals("Forward 27 of 27: v26 = add(v23, v25) : [] f64 = 24.70408", status());
        assertEquals(List.of("v26 = add", "value 24.70408", ""), box("v26 = add"));
        browser.click("#step");
        assertEquals("Backward 1 of 40: g26 = 1", status());
        browser.press("ArrowRight");
        assertEquals("Backward 2 of 40: g23 += g26 = 1", status());
        assertEquals(List.of("v23 = div", "value 24.5", "grad 1"), box("v23 = div"));
        assertEquals(1, browser.evaluate("document.querySelectorAll('.edge.flow').length").asInt());
        browser.press("ArrowLeft");
        assertEquals(List.of("v23 = div", "value 24.5", ""), box("v23 = div"));
        assertEquals("g26 = 1", text("[aria-current=step]"));
        browser.press("Home");
        assertEquals("Nothing is computed yet.", status());
        assertTrue(browser.evaluate("document.querySelector('#back').disabled").asBoolean());
        browser.press("End");
        assertEquals("Backward 40 of 40: g_b += g2 = -27.76676, total 645.5773", status());
    }

    @Test
    void gradientsAreTheTapes() throws Exception {
        browser.open(micrograd);
        browser.click("#end");
        for (Variable v : List.of(A, B))
            assertEquals("grad " + Numbers.text(gradients.of(v)), box(v.name()).get(2));
    }

    @Test
    void aClickTellsOfABox() throws Exception {
        browser.open(micrograd);
        browser.click("#end");
        browser.click("#n3");
        assertEquals("v3 = a * b", text("#what"));
        String details = text("#details");
        for (String part : List.of("[] f64", "-8", "83.30029", "d v3 / d a = 2", "d v3 / d b = -4", "Tapes.java:"))
            assertTrue(details.contains(part), () -> part + " in " + details);
    }

    @Test
    void aClickOnALineGoesThereAndArrowsGoOn() throws Exception {
        browser.open(micrograd);
        browser.click("#backward li:nth-child(6) button");
        assertEquals("Backward 6 of 40: g22 += g23 / 2 = 0.5, total 0.4958351", status());
        browser.press("ArrowDown");
        assertEquals("Backward 7 of 40: g21 += g22 * v21 * 2 = -6.941691", status());
        assertTrue(browser.evaluate("document.activeElement.hasAttribute('aria-current')").asBoolean());
        browser.press("ArrowUp");
        assertTrue(status().startsWith("Backward 6 "));
        assertEquals("sum of 2", browser.evaluate("[...document.querySelectorAll('#details dt')].map(d =>"
                + "d.textContent).find(t => t.startsWith('sum'))").asText());
    }

    @Test
    void wrongOrdersShowTheError() throws Exception {
        browser.open(micrograd);
        browser.click("[value=naive]");
        assertTrue(text("#why").contains("21 of 27 gradients are wrong"), text("#why"));
        assertEquals(21, browser.evaluate("document.querySelectorAll('.box.wrong').length").asInt());
        assertEquals("grad 10481.45", box("a").get(2));
        assertTrue(browser.evaluate("[...document.querySelectorAll('.remark')].map(t => t.textContent)").toString()
                .contains("right: 138.8338"));
        browser.click("[value=again]");
        browser.click("#n0");
        assertTrue(text("#details").contains("right" + Numbers.text(2 * gradients.of(A).item())), text("#details"));
        browser.click("[value=right]");
        assertEquals(0, browser.evaluate("document.querySelectorAll('.box.wrong').length").asInt());
    }

    @Test
    void playsByItselfUntilPaused() throws Exception {
        browser.open(micrograd);
        browser.evaluate("document.querySelector('#speed').value = 200");
        browser.press(" ");
        assertEquals("Pause", text("#play"));
        browser.evaluate("""
                new Promise(done => {
                  const status = document.querySelector('#status');
                  const look = () => { if (/^Backward ([3-9]|\\d\\d)/.test(status.textContent)) done(); };
                  new MutationObserver(look).observe(status, {childList: true});
                  look();
                })""");
        browser.press(" ");
        assertEquals("Play", text("#play"));
        assertTrue(status().startsWith("Backward "), status());
    }

    /** All steps through a graph of 300 nodes, forward and back, end at the start. */
    @Test
    void largeGraphsAreSteppedThrough() throws Exception {
        browser.open(neurons);
        assertTrue(browser.evaluate("document.querySelectorAll('.box').length").asInt() > 300);
        browser.evaluate("(() => { document.querySelector('#start').click();"
                + "while (!document.querySelector('#step').disabled) document.querySelector('#step').click(); })()");
        List<String> there = box("w0_0");
        assertTrue(there.get(2).startsWith("grad "), there::toString);
        browser.evaluate("(() => { while (!document.querySelector('#back').disabled)"
                + "document.querySelector('#back').click(); })()");
        assertEquals("Nothing is computed yet.", status());
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 800, 1440})
    void fitsTheWindow(int width) throws Exception {
        for (boolean dark : List.of(false, true))
            for (Path page : List.of(micrograd, mlp, neurons)) {
                browser.look(width, width < 700 ? 740 : 900, dark, true);
                browser.open(page);
                browser.evaluate("(() => { for (let i = 0; i < 14; i++) document.querySelector('#step').click(); })()");
                assertFits(width);
                screenshot(page, width, dark, "steps");
                browser.click("[value=naive]");
                assertFits(width);
                screenshot(page, width, dark, "naive");
            }
        browser.look(1440, 900, false, true);
    }

    /** Elements stay within the page, and controls and texts do not overlap. */
    private static void assertFits(int width) throws Exception {
        assertTrue(browser.evaluate("document.documentElement.scrollWidth").asInt() <= width);
        assertEquals("[]",
                browser.evaluate(
                        """
                                (() => {
                                  const all = [...document.querySelectorAll('h1, .orders label, #why, .controls > *, .bar li, .zoom *')]
                                    .map(e => [e, e.getBoundingClientRect()]);
                                  const meet = (a, b) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 2
                                    && b.top < a.bottom - 2;
                                  const found = [];
                                  all.forEach(([e, a], i) => {
                                    if (e.scrollWidth > e.clientWidth + 1 && e.tagName !== 'INPUT') found.push('cut: ' + e.textContent);
                                    for (const [f, b] of all.slice(0, i))
                                      if (meet(a, b)) found.push(e.textContent + ' on ' + f.textContent);
                                  });
                                  for (const box of document.querySelectorAll('.box')) {
                                    const r = box.querySelector('rect').getBBox();
                                    for (const t of box.querySelectorAll('text')) {
                                      const b = t.getBBox();
                                      if (b.width && (b.x < r.x - 1 || b.x + b.width > r.x + r.width + 1)) found.push('sticks out: ' + t.textContent);
                                    }
                                  }
                                  return found;
                                })()""")
                        .toString());
    }

    private static void screenshot(Path page, int width, boolean dark, String what) throws Exception {
        String to = System.getProperty("write.screenshots", "");
        if (to.isEmpty())
            return;
        Files.createDirectories(Path.of(to));
        browser.screenshot(Path.of(to, page.getFileName().toString().replace(".html", "-" + width + "-"
                + (dark ? "dark" : "light") + "-" + what + ".png")));
    }
}
