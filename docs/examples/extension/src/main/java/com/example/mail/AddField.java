package com.example.mail;

import javax.mail.MessagingException;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMailet;
import org.relais.extension.Documentation;
import org.relais.extension.Parameter;

/**
 * Adds a header field to the message.
 *
 * <p>In the chain:
 *
 * <pre>{@code
 * <mailet match="All" class="AddField">
 *   <name>X-Department</name>
 *   <value>Sales</value>
 * </mailet>
 * }</pre>
 *
 * <p>One instance serves many mails at once, on many threads: what {@link #init} sets is never changed afterwards.
 */
@Documentation("Adds a header field to the message.")
@Parameter(name = "name", required = true, documentation = "The field's name, such as X-Department.")
@Parameter(name = "value", defaultValue = "yes", documentation = "The field's value.")
public final class AddField extends GenericMailet {
    private String name = "";
    private String value = "";

    @Override
    public void init() throws MessagingException {
        name = getInitParameter("name", "");
        value = getInitParameter("value", "yes");
        if (!name.matches("[!-9;-~]+")) {
            throw new MessagingException("name must be the name of a header field, was: " + name);
        }
    }

    /** Whatever is thrown here makes the mail wait and come back to this mailet; no mail is lost by it. */
    @Override
    public void service(Mail mail) throws MessagingException {
        mail.getMessage().addHeader(name, value);
    }
}
