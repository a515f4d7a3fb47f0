package stir.cli.report;

import java.util.List;
import stir.core.io.files.Table;

/**
 * A table for a paper, with everything that its reader needs.
 *
 * @param table the cells
 * @param caption a sentence
 * @param label the name by which LaTeX refers to it
 * @param notes sentences below the table
 * @param isWide whether its columns need to be close together
 */
record PaperTable(Table<?> table, String caption, String label, List<String> notes, boolean isWide) {
    /** Returns a floating table with the rules of the package booktabs. */
    String latex() {
        return """
                %% \\usepackage{booktabs}
                \\begin{table}
                \\centering
                \\caption{%s}
                \\label{%s}
                %s%s
                \\par\\smallskip
                \\parbox{\\linewidth}{\\footnotesize
                %s}
                \\end{table}
                """.formatted(
                        Table.latex(caption),
                        label.replaceAll("[^A-Za-z0-9:-]", "-"),
                        isWide ? "\\footnotesize\\setlength{\\tabcolsep}{3pt}\n" : "",
                        table.latex().strip(),
                        Table.latex(String.join("\n", notes)));
    }

    /** Returns a caption, a table in GitHub's Markdown, and the notes. */
    String markdown() {
        return "**%s**\n\n%s\n%s\n".formatted(escaped(caption), table.markdown(), escaped(String.join("\n", notes)));
    }

    private static String escaped(String text) {
        return text.replaceAll("[\\\\*_<>|~]", "\\\\$0");
    }
}
