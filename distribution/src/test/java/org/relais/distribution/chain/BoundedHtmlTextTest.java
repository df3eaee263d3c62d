package org.relais.distribution.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundedHtmlTextTest {
    private final BoundedHtmlText extractor = new BoundedHtmlText();

    @Test
    void givesBlocksLinesOfTheirOwn() {
        assertThat(extractor.toPlainText("<p>Hello <b>you</b></p><ul><li>one</li><li>two</li></ul>a<br>b"))
                .isEqualTo("Hello you\n - one\n - two\na\nb");
    }

    @Test
    void readsNestingOfAnyDepthAndLeavesOutWhatIsBeyondItsBound() {
        String deep = "<ul><li>".repeat(200_000) + "end";

        assertThat(extractor.toPlainText(deep)).hasSizeLessThan(2_000_000);
    }
}
