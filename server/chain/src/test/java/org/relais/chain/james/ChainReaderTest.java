package org.relais.chain.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.relais.chain.james.TestChain.KEEPING_ERROR;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a chain is loaded, and what is said when it cannot be. */
class ChainReaderTest {
    private TestChain chain;

    @BeforeEach
    void makeChain() throws Exception {
        chain = new TestChain();
    }

    @AfterEach
    void stopChain() throws Exception {
        chain.close();
    }

    @Test
    void tellsEveryMistakeAtOnce() {
        assertThatThrownBy(() -> chain.start("<processor state='root'>"
                        + "<mailet match='All' class='NoSuchMailet'/>"
                        + "<mailet match='NoSuchMatcher=x' class='Null'/>"
                        + "<mailet match='All' notmatch='All' class='Null'/>"
                        + "<mailet match='All' class='ToProcessor'><processor>nowhere</processor></mailet>"
                        + "<mailet match='All' class='Null'><onMailetException>never</onMailetException></mailet>"
                        + "</processor><processor state='root'/><processor/>"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "NoSuchMailet",
                        "NoSuchMatcher=x",
                        "choose one",
                        "nowhere",
                        "never",
                        "root stands in the chain twice",
                        "no state",
                        "needs a processor error");
    }

    @Test
    void takesMailetsOutOfServiceWhenTheChainIsRefused() {
        List<String> destroyed = new ArrayList<>();

        assertThatThrownBy(() -> withDestroyable(destroyed)
                        .start("<processor state='root'><mailet match='All' class='Held'/></processor>"))
                .isInstanceOf(ConfigurationException.class);

        assertThat(destroyed).containsExactly("Held");
    }

    @Test
    void takesMailetsOutOfServiceAtTheStop() throws Exception {
        List<String> destroyed = new ArrayList<>();
        withDestroyable(destroyed)
                .start("<processor state='root'><mailet match='All' class='Held'/></processor>" + KEEPING_ERROR);

        chain.processor.stop();
        chain.processor.stop();

        assertThat(destroyed).containsExactly("Held");
    }

    @Test
    void keepsCommasInParametersTogether() throws Exception {
        List<String> values = new ArrayList<>();
        chain.mailet("Held", new GenericMailet() {
            @Override
            public void init() {
                values.add(getInitParameter("list"));
            }

            @Override
            public void service(Mail mail) {}
        });

        chain.start("<processor state='root'><mailet match='All' class='Held'><list>a, b,c</list></mailet></processor>"
                + KEEPING_ERROR);

        assertThat(values).containsExactly("a, b,c");
    }

    private TestChain withDestroyable(List<String> destroyed) {
        return chain.mailet("Held", new GenericMailet() {
            @Override
            public void service(Mail mail) {}

            @Override
            public void destroy() {
                destroyed.add("Held");
            }
        });
    }
}
