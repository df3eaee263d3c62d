package org.relais.dns;

import java.util.Locale;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * What is asked, and under what its answer is remembered.
 *
 * @param name in A-labels and lower case, without a last dot
 * @param type as in {@link Type}
 */
record Question(String name, int type) {

    Name dnsName() {
        try {
            return Name.fromString(name + ".");
        } catch (TextParseException e) {
            throw new IllegalStateException("a name that was checked: " + name, e);
        }
    }

    Record record() {
        return Record.newRecord(dnsName(), type, DClass.IN);
    }

    /** The same of another name. */
    Question of(String otherName) {
        return new Question(otherName, type);
    }

    static String text(Name name) {
        return name.toString(true).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return Type.string(type) + " of " + name;
    }
}
