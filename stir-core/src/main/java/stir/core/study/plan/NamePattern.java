package stir.core.study.plan;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A name in which {@code *} stands for any characters, slashes and dots included, and {@code ?} for
 * one character.
 *
 * @param text the pattern
 * @since 0.1.0
 */
public record NamePattern(String text) {
    public static NamePattern of(String text) {
        return new NamePattern(text);
    }

    /** Returns whether it is a plain name. */
    public boolean isName() {
        return text.indexOf('*') < 0 && text.indexOf('?') < 0;
    }

    boolean matches(String name) {
        return name.equals(text) || (!isName() && expression().matcher(name).matches());
    }

    /** Returns the matching names, in their order. */
    public List<String> in(List<String> names) {
        var expression = expression();
        return names.stream()
                .filter(name -> name.equals(text) || expression.matcher(name).matches())
                .toList();
    }

    private Pattern expression() {
        return Pattern.compile(
                text.chars()
                        .mapToObj(
                                character ->
                                        switch (character) {
                                            case '*' -> ".*";
                                            case '?' -> ".";
                                            default -> Pattern.quote(Character.toString(character));
                                        })
                        .collect(Collectors.joining()));
    }
}
