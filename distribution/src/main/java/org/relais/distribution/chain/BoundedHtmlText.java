package org.relais.distribution.chain;

import org.apache.james.util.html.HtmlTextExtractor;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Plain text of HTML, in time proportional to its length: James's own extractor can be made to run for hours
 * (CVE-2024-45626). What stands behind the first mebibyte is left out. Safe for use by many threads.
 */
public final class BoundedHtmlText implements HtmlTextExtractor {
    private static final int MAX_LENGTH = 1 << 20;

    @Override
    public String toPlainText(String html) {
        Document document = Jsoup.parse(html.length() > MAX_LENGTH ? html.substring(0, MAX_LENGTH) : html);
        StringBuilder text = new StringBuilder();
        document.body().traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode leaf && !leaf.isBlank()) {
                    text.append(leaf.text());
                } else if (node.nodeName().equals("li")) {
                    text.append(" - ");
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node.nodeName().equals("br") || (node instanceof Element element && element.isBlock())) {
                    endLine(text);
                }
            }
        });
        return text.toString().strip();
    }

    private static void endLine(StringBuilder text) {
        if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }
}
