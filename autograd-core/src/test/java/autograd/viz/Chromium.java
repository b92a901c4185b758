package autograd.viz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless browser, driven by the DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private CompletableFuture<JsonNode> loaded = new CompletableFuture<>();
    private String session = "";
    private int calls;

    /** The browser of this machine, if it has one. */
    static Optional<Path> installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name))).filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path program) throws Exception {
        profile = Files.createTempDirectory("chromium");
        process = new ProcessBuilder(program.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
                "--user-data-dir=" + profile, "about:blank").redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(address(), new Answers()).get(30,
                TimeUnit.SECONDS);
        String target = call("Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true)).get("sessionId").asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network"))
            call(domain + ".enable", Map.of());
    }

    /** Reads the address of the browser from its standard error. */
    private URI address() throws IOException {
        BufferedReader errors = process.errorReader();
        List<String> said = new ArrayList<>();
        for (String line; (line = errors.readLine()) != null; said.add(line))
            if (line.startsWith("DevTools listening on ")) {
                Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> {})); // so that it never blocks
                return URI.create(line.substring(line.indexOf("ws:")));
            }
        throw new IOException("the browser did not start: " + said);
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    take(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    problems.add("not JSON: " + text);
                }
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    private void take(JsonNode message) {
        if (message.has("id")) {
            answers.remove(message.get("id").asInt()).complete(message);
            return;
        }
        JsonNode what = message.get("params");
        switch (message.get("method").asText()) {
            case "Page.loadEventFired" -> loaded.complete(what);
            case "Runtime.exceptionThrown", "Log.entryAdded" -> problems.add(what.toString());
            case "Runtime.consoleAPICalled" -> problems.add("console: " + what.get("args"));
            case "Network.requestWillBeSent" -> {
                String url = what.get("request").get("url").asText();
                if (!url.startsWith("file:") && !url.startsWith("data:"))
                    problems.add("asks " + url);
            }
            default -> {
                // nothing that a test asks for
            }
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        int id = ++calls;
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        socket.sendText(JSON.writeValueAsString(session.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", session)), true);
        JsonNode message = answer.get(60, TimeUnit.SECONDS);
        if (message.has("error"))
            throw new IOException(method + ": " + message.get("error"));
        return message.get("result");
    }

    /** A window of this size, light or dark, with moving pictures only where they are wanted. */
    void look(int width, int height, boolean dark, boolean still) throws Exception {
        call("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", 1,
                "mobile", width < 700));
        call("Emulation.setEmulatedMedia", Map.of("features", List.of( //
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", still ? "reduce" : "no-preference"))));
    }

    void open(Path page) throws Exception {
        loaded = new CompletableFuture<>();
        call("Page.navigate", Map.of("url", page.toUri().toString()));
        loaded.get(60, TimeUnit.SECONDS);
    }

    /** The value of an expression in the page. */
    JsonNode evaluate(String expression) throws Exception {
        JsonNode answer = call("Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails"))
            throw new IOException(expression + ": " + answer.get("exceptionDetails"));
        return answer.get("result").path("value");
    }

    /** Scrolls an element into view and clicks in its middle. */
    void click(String selector) throws Exception {
        JsonNode at = evaluate("(() => { const e = document.querySelector('" + selector + "');"
                + "e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect();"
                + "return [r.x + r.width / 2, r.y + r.height / 2]; })()");
        for (String type : List.of("mousePressed", "mouseReleased"))
            call("Input.dispatchMouseEvent", Map.of("type", type, "x", at.get(0), "y", at.get(1), "button", "left",
                    "clickCount", 1));
    }

    /** Presses and releases a key. */
    void press(String key) throws Exception {
        for (String type : List.of("keyDown", "keyUp"))
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key.equals(" ") ? "Space" : key,
                    "text", type.equals("keyDown") && key.length() == 1 ? key : ""));
    }

    void screenshot(Path png) throws Exception {
        String data = call("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
        Files.write(png, Base64.getDecoder().decode(data));
    }

    /** Problems: console messages, errors, requests to a host. */
    List<String> problems() { return problems; }

    @Override
    public void close() throws Exception {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        call("Browser.close", Map.of());
        for (ProcessHandle one : all)
            one.onExit().get(30, TimeUnit.SECONDS);
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(file);
        }
    }
}
