package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;

/**
 * An expression in the source that PyTorch writes into an archive: a name, a literal or a bracketed
 * group, followed by any number of attributes, calls and indexes. There are no operators: PyTorch
 * writes {@code torch.add(a, b)}.
 *
 * @param text the name, the literal's content, the attribute's name, or the opening bracket
 * @param parts the expressions in the brackets
 * @param items the spans between the commas in the brackets
 */
record Expression(
        Kind kind, Span span, @Nullable Expression base, String text, List<Expression> parts, List<Span> items) {
    enum Kind {
        NAME,
        STRING,
        NUMBER,
        /** An expression in brackets: {@code (x)}, {@code [1, 2]}. */
        GROUP,
        /** {@code base.text} */
        ATTRIBUTE,
        /** {@code base(items)} */
        CALL,
        /** {@code base[items]} */
        INDEX
    }

    /** The maximum number of characters of a line in a message. */
    private static final int MAX_SHOWN = 80;

    /** A range of a line, from its first character (inclusive) to its last (exclusive). */
    record Span(int start, int end) {}

    /**
     * Returns all outermost expressions of a line, from left to right.
     *
     * @throws SourceException if a string or a bracket is not closed
     */
    static List<Expression> parse(String line) {
        return new Scanner(line).expressions();
    }

    /** Returns the expression between two commas, or null if there is not exactly one. */
    @Nullable
    Expression item(int index) {
        if (index >= items.size()) {
            return null;
        }
        var item = items.get(index);
        var inside = parts.stream()
                .filter(part -> part.span().start() >= item.start())
                .filter(part -> part.span().end() <= item.end())
                .toList();
        return inside.size() == 1 ? inside.get(0).unwrapped() : null;
    }

    /** Returns the expression that an attribute, a call or an index is applied to. */
    @Override
    public Expression base() {
        if (base == null) {
            throw new IllegalStateException(kind + " has no base");
        }
        return base;
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** Returns the expression without surrounding round brackets. */
    Expression unwrapped() {
        return kind == Kind.GROUP && text.equals("(") && items.size() == 1 && parts.size() == 1
                ? parts.get(0).unwrapped()
                : this;
    }

    /** Returns names and attributes joined by dots, as {@code torch.nn.relu}; otherwise empty. */
    String dotted() {
        if (kind == Kind.NAME) {
            return text;
        }
        if (kind == Kind.ATTRIBUTE && base != null) {
            var front = base.dotted();
            return front.isEmpty() ? "" : front + "." + text;
        }
        return "";
    }

    /** Visits this expression and its parts in the order of evaluation. */
    void visit(Consumer<Expression> visitor) {
        if (base != null) {
            base.visit(visitor);
        }
        parts.forEach(part -> part.visit(visitor));
        visitor.accept(this);
    }

    private static final class Scanner {
        private final String line;
        private int position;

        Scanner(String line) {
            this.line = line;
        }

        List<Expression> expressions() {
            var expressions = new ArrayList<Expression>();
            inBrackets(expressions, new ArrayList<>(), (char) 0);
            return expressions;
        }

        private void inBrackets(List<Expression> parts, List<Span> items, char closing) {
            int start = position;
            boolean empty = true;
            while (position < line.length()) {
                char c = line.charAt(position);
                if (c == ',' || (closing != 0 && c == closing)) {
                    if (!empty) {
                        items.add(new Span(start, position));
                    }
                    position++;
                    if (c != ',') {
                        return;
                    }
                    start = position;
                    empty = true;
                } else if (Character.isWhitespace(c)) {
                    position++;
                    start = empty ? position : start;
                } else {
                    empty = false;
                    var expression = expression();
                    if (expression != null) {
                        parts.add(expression);
                    } else {
                        position++; // an operator, a colon, an equals sign
                    }
                }
            }
            if (closing != 0) {
                throw notClosed("bracket");
            }
        }

        private SourceException notClosed(String construct) {
            var shown = line.strip();
            if (shown.length() > MAX_SHOWN) {
                shown = shown.substring(0, MAX_SHOWN) + "...";
            }
            return new SourceException("A %s is not closed in: %s".formatted(construct, shown));
        }

        private @Nullable Expression expression() {
            int start = position;
            char c = line.charAt(position);
            if (c == '"' || c == '\'') {
                position = SourceBounds.afterString(line, start);
                if (position > line.length()) {
                    throw notClosed("string");
                }
                return new Expression(
                        Kind.STRING,
                        new Span(start, position),
                        null,
                        line.substring(start + 1, position - 1),
                        List.of(),
                        List.of());
            }
            Expression expression;
            if (Character.isJavaIdentifierStart(c) && c != '$') {
                word();
                expression = leaf(Kind.NAME, start);
            } else if (Character.isDigit(c)) {
                number();
                return leaf(Kind.NUMBER, start);
            } else if (c == '(' || c == '[' || c == '{') {
                expression = brackets(Kind.GROUP, start, null);
            } else {
                return null;
            }
            while (position < line.length()) {
                c = line.charAt(position);
                if (c == '.' && startsWord(position + 1)) {
                    int name = ++position;
                    word();
                    expression = new Expression(
                            Kind.ATTRIBUTE,
                            new Span(start, position),
                            expression,
                            line.substring(name, position),
                            List.of(),
                            List.of());
                } else if (c == '(') {
                    expression = brackets(Kind.CALL, start, expression);
                } else if (c == '[') {
                    expression = brackets(Kind.INDEX, start, expression);
                } else {
                    break;
                }
            }
            return expression;
        }

        private Expression leaf(Kind kind, int start) {
            return new Expression(
                    kind, new Span(start, position), null, line.substring(start, position), List.of(), List.of());
        }

        private Expression brackets(Kind kind, int start, @Nullable Expression base) {
            char opening = line.charAt(position++);
            var parts = new ArrayList<Expression>();
            var items = new ArrayList<Span>();
            inBrackets(parts, items, opening == '(' ? ')' : opening == '[' ? ']' : '}');
            return new Expression(kind, new Span(start, position), base, String.valueOf(opening), parts, items);
        }

        private boolean startsWord(int index) {
            return index < line.length() && Character.isJavaIdentifierStart(line.charAt(index));
        }

        private void word() {
            while (position < line.length() && Character.isJavaIdentifierPart(line.charAt(position))) {
                position++;
            }
        }

        private void number() {
            while (position < line.length()) {
                char c = line.charAt(position);
                boolean exponentSign = (c == '-' || c == '+') && "eE".indexOf(line.charAt(position - 1)) >= 0;
                if (!Character.isLetterOrDigit(c) && c != '.' && !exponentSign) {
                    return;
                }
                position++;
            }
        }
    }
}
