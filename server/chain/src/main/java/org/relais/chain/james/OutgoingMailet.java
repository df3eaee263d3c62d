package org.relais.chain.james;

import org.apache.mailet.Mail;

/**
 * A mailet that ends mails by handing their envelopes to delivery: when it has set a mail's state to {@code ghost}, the
 * chain moves the mail's envelopes to the stage {@code DELIVERY} in the same step.
 */
public interface OutgoingMailet {

    /** Which delivery sends them; the same after a restart with the same chain. */
    String delivery();

    /** Among what waits for delivery: 0 (last) to 9 (first). */
    int priority(Mail mail);
}
