package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import stir.backend.djl.libtorch.AllowedOperators;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;

/**
 * A check of the operators that source names, so that a network can't reach files, processes or
 * other machines. The check reads the source as libtorch's lexer does, and considers every name,
 * wherever the name is and whether or not it is ever called.
 *
 * <p>libtorch resolves {@code torch.x} and {@code ops.library.x} to operators, and also an
 * attribute {@code value.x} or {@code getattr(value, "x")} of any value. Operators can be assigned
 * to variables, and so can {@code torch} itself: any other use of such a name is refused.
 */
record SourceOperators(List<Token> tokens) {
    /** The refused operators that libtorch also finds as attributes of values. */
    private static final Set<String> ATTRIBUTES = Set.of("save", "from_file");

    /** Those that libtorch also finds as attributes of values. */
    private static final Pattern UNSAFE_ATTRIBUTE =
            Pattern.compile("_?(ctc_loss|to_sparse.*|sparse_mask|sparse_resize_.*)|_sparse_.*"
                    + "|.*(pool[23]d(_with_indices)?|nll_loss(2d)?|margin_loss|pad[123]d)_backward");

    /** The positions of numbers of heads, by the operators that divide by them. */
    private static final Map<String, Integer> HEADS =
            Map.of("_native_multi_head_attention", 4, "_transformer_encoder_layer_fwd", 2);

    /** The index of the attribute's name in {@code variable = self.num_heads}. */
    private static final int HEADS_OF_MODULE = 4;

    private static final String CLASSES = "classes";
    private static final String GETATTR = "getattr";

    private enum Kind {
        NAME,
        TEXT,
        OTHER
    }

    private record Token(Kind kind, String text) {
        boolean is(String character) {
            return kind == Kind.OTHER && text.equals(character);
        }
    }

    /**
     * Checks a source file.
     *
     * @throws SourceException if it names an operator that is not allowed, or has a form that
     *     PyTorch does not write
     */
    static void check(String source) {
        new SourceOperators(tokens(source)).check();
    }

    private static List<Token> tokens(String source) {
        var tokens = new ArrayList<Token>();
        int i = 0;
        while (i < source.length()) {
            char c = source.charAt(i);
            int start = i;
            if (c == '"' || c == '\'') {
                i = afterText(source, i);
                tokens.add(new Token(Kind.TEXT, source.substring(start + 1, i - 1)));
            } else if (c == '#') {
                int end = source.indexOf('\n', i);
                i = end < 0 ? source.length() : end;
            } else if (isWord(c)) {
                while (i < source.length() && isWord(source.charAt(i))) {
                    i++;
                }
                var word = source.substring(start, i);
                tokens.add(new Token(Character.isDigit(c) ? Kind.OTHER : Kind.NAME, word));
            } else if (c == '\\') { // libtorch would join the lines
                throw new SourceException("its source has a line that goes on after a backslash");
            } else {
                i++;
                if (!Character.isWhitespace(c)) {
                    tokens.add(new Token(Kind.OTHER, String.valueOf(c)));
                }
            }
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    /** Returns the index after a text; PyTorch writes each between single quotes on one line. */
    private static int afterText(String source, int start) {
        int end = SourceBounds.afterString(source, start);
        if (end > source.length()
                || source.substring(start, end).indexOf('\n') >= 0
                || (end < source.length() && source.charAt(end) == source.charAt(start))) {
            throw new SourceException("its source has a text of an unusual form");
        }
        return end;
    }

    private void check() {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() != Kind.NAME || follows(i, ".")) {
                continue;
            }
            var chain = chain(i);
            boolean declared = i + 1 < tokens.size() && tokens.get(i + 1).is(":");
            switch (declared ? "" : chain.get(0)) {
                case "torch" -> {
                    AllowedOperators.check("aten", at(chain, 1));
                    chain.stream().filter(AllowedOperators::isOfFiles).forEach(SourceOperators::refuse);
                }
                case "ops" -> AllowedOperators.check(at(chain, 1), at(chain, 2));
                case "__torch__" -> {
                    if (at(chain, 1).equals("torch") && at(chain, 2).equals(CLASSES)) {
                        throw AllowedOperators.ofCompiledClass(at(chain, 3));
                    }
                }
                case GETATTR -> checkAttribute(i + 1);
                default -> {}
            }
        }
        for (int i = 0; i < tokens.size(); i++) {
            var name = tokens.get(i).text();
            var heads = HEADS.get(name);
            if (heads != null && tokens.get(i).kind() == Kind.NAME) {
                checkHeads(i, heads);
            }
            boolean isUnsafe = name.equals("unsafe")
                    ? i + 1 < tokens.size() && tokens.get(i + 1).is("=")
                    : follows(i, ".") && UNSAFE_ATTRIBUTE.matcher(name).matches();
            if (isUnsafe && !isInOwnName(i)) {
                throw AllowedOperators.ofMemory(name);
            }
            if (follows(i, ".") && ATTRIBUTES.contains(name) && !isInOwnName(i)) {
                throw new SourceException(
                        "its code names %s, which could be an operator for files, and networks have no access to files"
                                .formatted(name),
                        "remove that call, or give that attribute another name, and export it again");
            }
        }
    }

    /**
     * Checks that a call's number of heads is positive, or an attribute as in PyTorch's modules.
     */
    private void checkHeads(int call, int position) {
        int depth = 0;
        int argument = 0;
        for (int i = call + 1; i + 2 < tokens.size() && (depth > 0 || i == call + 1); i++) {
            var token = tokens.get(i);
            depth +=
                    token.kind() == Kind.OTHER ? ScriptCode.bracket(token.text().charAt(0)) : 0;
            if (depth == 1 && token.is(",") && ++argument == position) {
                var heads = tokens.get(i + 1).text();
                if (tokens.get(i + 2).is(",") && (heads.matches("[1-9]\\d*") || isNumberOfHeads(heads))) {
                    return;
                }
            }
        }
        throw new SourceException(
                "its code computes the number of heads of %s, and a 0 would end the process"
                        .formatted(tokens.get(call).text()),
                "make it a constant and export it again");
    }

    /** Returns whether a variable has the value of an attribute {@code num_heads}. */
    private boolean isNumberOfHeads(String variable) {
        return IntStream.range(0, Math.max(0, tokens.size() - HEADS_OF_MODULE))
                .anyMatch(i -> tokens.get(i).text().equals(variable)
                        && tokens.get(i + 1).is("=")
                        && tokens.get(i + 3).is(".")
                        && tokens.get(i + HEADS_OF_MODULE).text().equals("num_heads"));
    }

    private static void refuse(String name) {
        throw AllowedOperators.ofFiles(name);
    }

    private static String at(List<String> chain, int index) {
        return index < chain.size() ? chain.get(index) : "";
    }

    private boolean follows(int index, String character) {
        return index > 0 && tokens.get(index - 1).is(character);
    }

    /** Returns the names that dots join from an index on. */
    private List<String> chain(int index) {
        var names = new ArrayList<>(List.of(tokens.get(index).text()));
        for (int i = index + 1;
                i + 1 < tokens.size()
                        && tokens.get(i).is(".")
                        && tokens.get(i + 1).kind() == Kind.NAME;
                i += 2) {
            names.add(tokens.get(i + 1).text());
        }
        return names;
    }

    /** Returns whether a name is part of a class's or a function's full name in the source. */
    private boolean isInOwnName(int index) {
        int i = index;
        while (follows(i, ".") && i >= 2 && tokens.get(i - 2).kind() == Kind.NAME) {
            i -= 2;
        }
        return tokens.get(i).text().equals("__torch__");
    }

    /** Checks {@code getattr(value, "name")}, whose name must be plain text. */
    private void checkAttribute(int open) {
        if (open < tokens.size() && tokens.get(open).is("(")) {
            int depth = 0;
            for (int i = open; i < tokens.size(); i++) {
                var token = tokens.get(i);
                depth += token.kind() == Kind.OTHER
                        ? ScriptCode.bracket(token.text().charAt(0))
                        : 0;
                if (depth == 1 && token.is(",") && i + 2 < tokens.size()) {
                    var name = tokens.get(i + 1);
                    var end = tokens.get(i + 2);
                    if (name.kind() == Kind.TEXT && name.text().indexOf('\\') < 0 && (end.is(")") || end.is(","))) {
                        if (ATTRIBUTES.contains(name.text())) {
                            throw AllowedOperators.ofFiles(name.text());
                        } else if (UNSAFE_ATTRIBUTE.matcher(name.text()).matches()) {
                            throw AllowedOperators.ofMemory(name.text());
                        }
                        return;
                    }
                    break;
                }
            }
        }
        throw new SourceException("its source computes the names of attributes");
    }
}
