package org.relais.configuration.xml;

import org.relais.configuration.Finding;

/** A file that cannot be read or is not well-formed XML; says where and why. */
public final class XmlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Finding finding;

    XmlException(Finding finding) {
        super(finding.toString());
        this.finding = finding;
    }

    XmlException(Finding finding, Throwable cause) {
        super(finding.toString(), cause);
        this.finding = finding;
    }

    public Finding finding() {
        return finding;
    }
}
