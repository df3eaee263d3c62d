package org.relais.configuration.chain.declaration;

import java.util.ArrayList;
import java.util.List;

/** What our resource says of James's mailets and matchers, in the order written. */
record Declarations(List<MailetDeclaration> mailets, List<MatcherDeclaration> matchers, List<Unsupported> unsupported) {
    Declarations {
        mailets = List.copyOf(mailets);
        matchers = List.copyOf(matchers);
        unsupported = List.copyOf(unsupported);
    }

    static final class Builder {
        private final List<MailetDeclaration> mailets = new ArrayList<>();
        private final List<MatcherDeclaration> matchers = new ArrayList<>();
        private final List<Unsupported> unsupported = new ArrayList<>();

        void add(MailetDeclaration mailet) {
            mailets.add(mailet);
        }

        void add(MatcherDeclaration matcher) {
            matchers.add(matcher);
        }

        void add(Unsupported component) {
            unsupported.add(component);
        }

        Declarations build() {
            return new Declarations(mailets, matchers, unsupported);
        }
    }
}
