package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;

/** The classes in an archive's source. */
final class ScriptCode {
    private static final Pattern CLASS = Pattern.compile("class (\\w+)(?:\\((\\w+)\\))?:");
    private static final Pattern ATTRIBUTE = Pattern.compile("  (\\w+) : (.*)");
    private static final Pattern QUOTED_ATTRIBUTE = Pattern.compile("  __annotations__\\[\"(.*)\"\\] = (.*)");

    private final Map<String, ScriptClass> classes = new LinkedHashMap<>();
    private final Map<String, ScriptMethod> functions = new HashMap<>();
    private final Map<String, List<String>> files = new LinkedHashMap<>();

    /**
     * Parses the source.
     *
     * @param sources the files' texts by their names within the archive's code folder
     * @throws SourceException if they do not have PyTorch's form
     */
    ScriptCode(Map<String, String> sources) {
        sources.forEach((file, text) -> {
            var lines = List.of(text.split("\n", -1));
            files.put(file, lines);
            new FileReader(file, lines).read();
        });
    }

    /** Returns the class with a qualified name, or null. */
    @Nullable
    ScriptClass find(@Nullable String qualifiedName) {
        return qualifiedName == null ? null : classes.get(qualifiedName);
    }

    /** Returns the function with a qualified name, or null; its first parameter is {@code self}. */
    @Nullable
    ScriptMethod function(String qualifiedName) {
        return functions.get(qualifiedName);
    }

    /** Returns all classes. */
    Collection<ScriptClass> classes() {
        return classes.values();
    }

    /** Returns the class of the submodule at a path below another, or null. */
    @Nullable
    ScriptClass find(@Nullable ScriptClass from, List<String> path) {
        var owner = from;
        for (String name : path) {
            if (owner == null) {
                return null;
            }
            owner = find(owner.attributes().get(name));
        }
        return owner;
    }

    /** Returns the lines of all files, by the files' names. */
    Map<String, List<String>> files() {
        return files;
    }

    /** Splits a list at its commas, except those within brackets or strings. */
    static List<String> split(String list) {
        var pieces = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '"' || c == '\'') {
                i = SourceBounds.afterString(list, i) - 1;
            } else if (c == ',' && depth == 0) {
                pieces.add(list.substring(start, i).strip());
                start = i + 1;
            }
            depth += bracket(c);
        }
        pieces.add(list.substring(Math.min(start, list.length())).strip());
        pieces.removeIf(String::isEmpty);
        return pieces;
    }

    /** Returns the number of opening minus closing brackets in a line. */
    private static int openBrackets(String line) {
        int open = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' || c == '\'') {
                i = SourceBounds.afterString(line, i) - 1;
            }
            open += bracket(c);
        }
        return open;
    }

    /** Returns 1 for an opening bracket, -1 for a closing one, otherwise 0. */
    static int bracket(char c) {
        return "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
    }

    private final class FileReader {
        private final String file;
        private final List<String> lines;
        private int next;

        FileReader(String file, List<String> lines) {
            this.file = file;
            this.lines = lines;
        }

        void read() {
            while (next < lines.size()) {
                var declaration = CLASS.matcher(lines.get(next++));
                if (declaration.matches()) {
                    readClass(declaration.group(1), "Module".equals(declaration.group(2)));
                } else if (lines.get(next - 1).matches("def \\w+\\([^)].*")) {
                    readFunction(next - 1);
                }
            }
        }

        private void readFunction(int from) {
            while (next < lines.size()
                    && (lines.get(next).isBlank() || lines.get(next).startsWith(" "))) {
                next++;
            }
            var asMethod =
                    lines.subList(from, next).stream().map(text -> "  " + text).toList();
            var function = new FileReader(file, asMethod).readMethod();
            functions.put(qualified(function.name()), function);
        }

        private String qualified(String name) {
            var module = file.substring(0, file.length() - ".py".length()).replace('/', '.');
            return module + "." + name;
        }

        private void readClass(String name, boolean isModule) {
            var attributes = new LinkedHashMap<String, String>();
            var methods = new LinkedHashMap<String, ScriptMethod>();
            int end = next;
            while (next < lines.size()
                    && (lines.get(next).isBlank() || lines.get(next).startsWith(" "))) {
                var line = lines.get(next);
                if (line.startsWith("  def ")) {
                    var method = readMethod();
                    methods.put(method.name(), method);
                    end = next;
                    continue;
                }
                next++;
                if (!line.isBlank()) {
                    end = next;
                }
                var attribute = QUOTED_ATTRIBUTE.matcher(line);
                if (!attribute.matches()) {
                    attribute = ATTRIBUTE.matcher(line);
                }
                if (attribute.matches()) {
                    attributes.put(attribute.group(1), attribute.group(2));
                }
            }
            var qualifiedName = qualified(name);
            classes.put(qualifiedName, new ScriptClass(file, qualifiedName, isModule, attributes, methods, end));
        }

        private ScriptMethod readMethod() {
            var header = logicalLine();
            int open = header.indexOf('(');
            int close = header.lastIndexOf(") -> ");
            if (open < 0 || close < open || !header.endsWith(":")) {
                throw new SourceException("This is not the head of a method: " + header);
            }
            var declared = split(header.substring(open + 1, close));
            if (declared.isEmpty()) {
                throw new SourceException("This method has no self parameter: " + header);
            }
            var self = parameter(declared.get(0));
            var returns = header.substring(close + ") -> ".length(), header.length() - 1)
                    .strip();
            return new ScriptMethod(
                    header.substring("  def ".length(), open),
                    self.name(),
                    self.type(),
                    declared.stream().skip(1).map(this::parameter).toList(),
                    returns,
                    readBody());
        }

        private ScriptMethod.Parameter parameter(String declaration) {
            int colon = declaration.indexOf(':');
            if (colon < 0) {
                throw new SourceException("This parameter has no type: " + declaration);
            }
            var type = declaration.substring(colon + 1);
            int value = type.indexOf('=');
            return new ScriptMethod.Parameter(
                    declaration.substring(0, colon).strip(),
                    (value < 0 ? type : type.substring(0, value)).strip(),
                    declaration);
        }

        private List<ScriptStatement> readBody() {
            var body = new ArrayList<ScriptStatement>();
            while (next < lines.size()
                    && (lines.get(next).isBlank() || lines.get(next).startsWith("    "))) {
                if (lines.get(next).isBlank()) {
                    next++;
                } else {
                    body.add(ScriptStatement.parse(logicalLine(), body));
                }
            }
            return body;
        }

        /** Returns the next line, joined with the following ones while brackets are open. */
        private String logicalLine() {
            var line = new StringBuilder(lines.get(next));
            int open = openBrackets(lines.get(next++));
            while (open > 0 && next < lines.size()) {
                line.append(' ').append(lines.get(next).strip());
                open += openBrackets(lines.get(next++));
            }
            return line.toString();
        }
    }
}
