package org.relais.access.smtp;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** What a step of a session comes to: what to reply, or what must happen before there is a reply. */
sealed interface Answer permits Reply, Answer.ToContent, Answer.Elsewhere, Answer.Afterwards {
    /** Nothing to say yet. */
    Answer NOTHING = new ToContent(List.of());

    /** The replies to content: several in LMTP. A {@link Reply} alone answers a command. */
    record ToContent(List<Reply> replies) implements Answer {
        public ToContent {
            replies = List.copyOf(replies);
        }
    }

    /**
     * Work that may block: it runs on another thread and must not touch the session, which its conclusion may.
     *
     * @param otherwise what to conclude if the work fails by an error of ours
     */
    record Elsewhere(Work work, Conclusion otherwise) implements Answer {
        Elsewhere(Work work) {
            this(work, () -> Replies.LOCAL_PROBLEM);
        }
    }

    /** The session goes on when the stage completed, whether well or not. */
    record Afterwards(CompletionStage<?> stage, Conclusion conclusion) implements Answer {}

    @FunctionalInterface
    interface Work {
        Conclusion run();
    }

    /** Runs on the session's thread. */
    @FunctionalInterface
    interface Conclusion {
        Answer conclude();
    }
}
