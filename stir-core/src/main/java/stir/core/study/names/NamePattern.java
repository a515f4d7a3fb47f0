package stir.core.study.names;

import java.util.List;

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

    /** Returns whether a name matches, in time that grows with the product of the lengths alone. */
    public boolean matches(String name) {
        int at = 0;
        int next = 0;
        int star = -1;
        int retry = 0;
        while (at < name.length()) {
            char wanted = next < text.length() ? text.charAt(next) : '\0';
            if (wanted == '*') {
                star = next++;
                retry = at;
            } else if (next < text.length() && (wanted == '?' || wanted == name.charAt(at))) {
                next++;
                at++;
            } else if (star >= 0) { // the last star stands for one character more
                next = star + 1;
                at = ++retry;
            } else {
                return name.equals(text);
            }
        }
        return text.substring(next).chars().allMatch(left -> left == '*') || name.equals(text);
    }

    /** Returns the matching names, in their order. */
    public List<String> in(List<String> names) {
        return names.stream().filter(this::matches).toList();
    }
}
