package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launchers' texts; the image's tests run the one for Linux. */
class LauncherTest {
    private static final Path LAUNCHERS = Path.of("src/image/bin");
    private static final Pattern GOTO = Pattern.compile("(?i)\\bgoto (\\w+)");
    private static final Pattern LABEL = Pattern.compile("(?m)^:(\\w+)");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    /** An option of Java, without its value. */
    private static final Pattern OPTION =
            Pattern.compile("(-XX:[+-]?\\w+|-D[\\w.]+|--[a-z]+(-[a-z]+)+|-p|-m)(?=[ =\"])");

    /** The class whose methods with a prefix are not compiled within their callers. */
    private static final Pattern NOT_INLINED = Pattern.compile("dontinline,([\\w.]+)\\*::(\\w+)\\*");

    private static String windows() throws IOException {
        return Files.readString(LAUNCHERS.resolve("stir.cmd"));
    }

    private static Set<String> all(Pattern pattern, String text) {
        var matches = new TreeSet<String>();
        pattern.matcher(text).results().forEach(match -> matches.add(match.group(1)));
        return matches;
    }

    /** Returns the lines of commands, without remarks and printed texts. */
    private static List<String> commands() throws IOException {
        return windows()
                .lines()
                .filter(line -> !line.matches("(?i)(rem|echo) .*|@echo off|:\\w+"))
                .toList();
    }

    @Test
    void eachLineForWindowsHasItsLineEnd() throws IOException {
        var text = windows();
        assertEquals(text.lines().count(), text.split("\r\n", -1).length - 1);
        assertTrue(text.chars().allMatch(c -> c < 128), "cmd reads other characters differently");
    }

    @Test
    void eachJumpHasItsLabel() throws IOException {
        assertEquals(all(LABEL, windows()), all(GOTO, windows()));
    }

    @Test
    void parenthesesAndQuotesAreClosed() throws IOException {
        for (var line : commands()) {
            assertEquals(0, line.chars().filter(c -> c == '"').count() % 2, line);
            var bare = QUOTED.matcher(line).replaceAll("");
            assertEquals(bare.replace("(", "").length(), bare.replace(")", "").length(), line);
        }
    }

    // The folder may have a space or an & in its name.
    @Test
    void foldersAreQuoted() throws IOException {
        for (var line : commands()) {
            var bare = QUOTED.matcher(line).replaceAll("");
            for (var folder : List.of("%~dp0", "%STIR_HOME_FOLDER%", "%STIR_PROGRAM%", "%JAVA_HOME%")) {
                assertTrue(!bare.contains(folder), line);
            }
        }
    }

    // docs/install.md explains those that are for other systems alone.
    @Test
    void bothLaunchersGiveJavaTheSameOptions() throws IOException {
        var onWindows = all(OPTION, windows());
        var elsewhere = all(OPTION, javaOptions(Files.readString(LAUNCHERS.resolve("stir"))));
        elsewhere.removeAll(onWindows);
        assertEquals(
                Set.of(
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile",
                        "-XX:+DisplayVMOutputToStderr",
                        "-Dstir.terminal",
                        "-Dstir.colours",
                        "-Dstir.launcher",
                        "-Dstir.state",
                        "-Dstir.out",
                        "-Dstir.err",
                        "-Dstir.piped"),
                elsewhere);
        onWindows.removeAll(all(OPTION, javaOptions(Files.readString(LAUNCHERS.resolve("stir")))));
        assertEquals(Set.of("--list-modules", "--sun-misc-unsafe-memory-access"), onWindows);
    }

    // Java ignores a name that no class has, and products then take longer.
    @ParameterizedTest
    @ValueSource(strings = {"stir", "stir.cmd"})
    void theLoopsThatAreNamedToTheCompilerExist(String launcher) throws Exception {
        var text = Files.readString(LAUNCHERS.resolve(launcher));
        var named = NOT_INLINED.matcher(text);
        assertTrue(named.find(), launcher);
        var methods = Class.forName(named.group(1)).getDeclaredMethods();
        assertTrue(Arrays.stream(methods).anyMatch(m -> m.getName().startsWith(named.group(2))), named.group());
    }

    private static String javaOptions(String launcher) {
        return launcher.substring(launcher.indexOf("\n\"$program\" "), launcher.indexOf(" \"$@\" <&0"));
    }
}
