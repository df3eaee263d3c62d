package org.relais.configuration.settings;

import java.time.Duration;

/**
 * What stands between a mail's acceptance and its end.
 *
 * @param workers how many mails run through the chain at the same time
 * @param quota what the mails in the spool may take together; {@link ByteSize#UNBOUNDED} without one
 * @param minimumFree what stays free on the disk when a mail is taken
 * @param retention how long a mail that an operator removed can be restored
 */
public record SpoolSettings(int workers, ByteSize quota, ByteSize minimumFree, Duration retention) {}
