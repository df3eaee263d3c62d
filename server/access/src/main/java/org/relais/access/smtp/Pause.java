package org.relais.access.smtp;

import java.util.concurrent.CompletionStage;

/** Why a session takes no more input for now. When it is over, {@link SmtpSession#resume} is called, and only then. */
public sealed interface Pause {
    /** To be run on a thread that may be blocked. Never throws. */
    record Elsewhere(Runnable work) implements Pause {}

    /** Over when the stage completed, whether well or not. The mail's commit, or a disk that is behind. */
    record Until(CompletionStage<?> stage) implements Pause {}
}
