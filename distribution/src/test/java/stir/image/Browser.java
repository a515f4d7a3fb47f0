package stir.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window. It keeps nothing, and its opener closes it. */
final class Browser implements AutoCloseable {
    /** What tests in a browser need. */
    static final String MISSING = "a browser: on Debian, apt-get install chromium chromium-driver";

    private static final String PROGRAM = "chromium";
    private static final String DRIVER = "chromedriver";

    /**
     * Would warn that it does not know this browser's own protocol, of which little is used here.
     */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Opens a browser, which is installed.
     *
     * @param folder for its profile
     */
    static Browser open(Path folder) {
        SELENIUM.setLevel(Level.SEVERE);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(program(PROGRAM).toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                "--user-data-dir=" + folder.resolve("profile"));
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program(DRIVER).toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Whether there is a browser. */
    static boolean isInstalled() {
        return isThere(PROGRAM) && isThere(DRIVER);
    }

    private static boolean isThere(String name) {
        return Files.isExecutable(program(name));
    }

    private static Path program(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(name));
    }

    /** Shows a file on a screen. */
    void show(Path page, int width, int height, boolean dark) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        driver.get(page.toUri().toString());
        settle();
    }

    /** Waits until two frames are drawn. */
    void settle() {
        driver.executeAsyncScript("const done = arguments[0];"
                + "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)));");
    }

    Map<String, Object> command(String name, Map<String, Object> parameters) {
        return driver.executeCdpCommand(name, parameters);
    }

    /** Returns the value of a script, if it has one: a number, a text or a list. */
    @Nullable
    Object ask(String script, Object... arguments) {
        return driver.executeScript("return " + script, arguments);
    }

    /** Returns what a script passes to the function that it receives after its arguments. */
    Object await(String script, @Nullable Object... arguments) {
        return requireNonNull(driver.executeAsyncScript(script, arguments));
    }

    double number(String script) {
        return ((Number) requireNonNull(ask(script))).doubleValue();
    }

    String text(String script) {
        return String.valueOf(ask(script));
    }

    List<?> list(String script, Object... arguments) {
        return (List<?>) requireNonNull(ask(script, arguments));
    }

    /** Presses a key where the focus is. */
    void press(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Warnings and errors since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    void picture(Path file) throws IOException {
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** The page as it is printed. */
    byte[] print() {
        var answer = command("Page.printToPDF", Map.of("printBackground", true));
        return Base64.getDecoder().decode(String.valueOf(answer.get("data")));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
