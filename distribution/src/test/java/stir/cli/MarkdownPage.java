package stir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation.
 *
 * @param name the path from the root of the repository
 * @param text the Markdown
 */
public record MarkdownPage(String name, String text) {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .build();

    /**
     * A fenced block.
     *
     * @param line the number of its first line, that of the fence
     * @param language the first word after the fence
     * @param remark the other words after the fence
     * @param text the lines within
     */
    public record Block(int line, String language, String remark, String text) {
        static Block of(FencedCodeBlock node) {
            var info = node.getInfo().strip().split(" +", 2);
            return new Block(lineOf(node), info[0], info.length > 1 ? info[1] : "", node.getLiteral());
        }
    }

    /**
     * A paragraph, a heading, an item of a list or a cell of a table.
     *
     * @param line the number of its first line
     * @param text its words on one line; a piece of code is the word {@code X}
     */
    public record Prose(int line, String text) {}

    /** Returns all pages of the repository, except those of tests. */
    public static List<MarkdownPage> all() throws IOException {
        var pages = new ArrayList<MarkdownPage>();
        try (var paths = Files.walk(ROOT)) {
            for (var file :
                    paths.filter(path -> path.toString().endsWith(".md")).toList()) {
                var name = ROOT.relativize(file).toString().replace('\\', '/');
                if (!name.matches("(.*/)?(target|src/test|\\.[^/]*)/.*")) {
                    pages.add(new MarkdownPage(name, Files.readString(file)));
                }
            }
        }
        return pages.stream().sorted((a, b) -> a.name.compareTo(b.name)).toList();
    }

    /** Returns the fenced blocks in their order. */
    public List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        PARSER.parse(text).accept(new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
                blocks.add(Block.of(block));
            }
        });
        return blocks;
    }

    /** Returns the indented blocks in their order; they have no language. */
    public List<Block> indented() {
        var blocks = new ArrayList<Block>();
        PARSER.parse(text).accept(new AbstractVisitor() {
            @Override
            public void visit(IndentedCodeBlock block) {
                blocks.add(new Block(lineOf(block), "", "", block.getLiteral()));
            }
        });
        return blocks;
    }

    /** Returns the texts between the blocks in their order. */
    public List<Prose> prose() {
        var prose = new ArrayList<Prose>();
        PARSER.parse(text).accept(new AbstractVisitor() {
            @Override
            public void visit(Paragraph paragraph) {
                add(paragraph);
            }

            @Override
            public void visit(Heading heading) {
                add(heading);
            }

            @Override
            public void visit(CustomNode node) {
                if (node instanceof TableCell) {
                    add(node);
                } else {
                    visitChildren(node);
                }
            }

            private void add(Node node) {
                var words = new Words();
                node.accept(words);
                prose.add(new Prose(lineOf(node), words.text.toString()));
            }
        });
        return prose;
    }

    private static int lineOf(Node node) {
        var of = node;
        while (of.getSourceSpans().isEmpty() && of.getParent() != null) {
            of = of.getParent();
        }
        return of.getSourceSpans().get(0).getLineIndex() + 1;
    }

    /** The words of a node. */
    private static final class Words extends AbstractVisitor {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void visit(Text node) {
            text.append(node.getLiteral());
        }

        @Override
        public void visit(Code node) {
            text.append('X');
        }

        @Override
        public void visit(SoftLineBreak node) {
            text.append(' ');
        }
    }
}
