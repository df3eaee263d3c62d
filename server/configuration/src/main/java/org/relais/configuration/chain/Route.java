package org.relais.configuration.chain;

import java.util.List;

/**
 * Where one {@code <mailet>} leads the recipients that its matcher gives it.
 *
 * @param leaves what becomes of them
 * @param surely the processor they go on in, if {@code leaves} is {@code MOVES}; else empty
 * @param maybe the processors that some may go to
 * @param answers whether the reverse-path is told about the mail
 * @param marks whether it writes what a matcher may look for on a second pass
 */
record Route(
        Chain.Step step,
        Reach reach,
        Leaves leaves,
        String surely,
        List<String> maybe,
        boolean answers,
        boolean marks) {
    Route {
        maybe = List.copyOf(maybe);
    }

    /** What becomes of the recipients. */
    enum Leaves {
        GO_ON,
        END,
        MOVE,
        UNKNOWN
    }

    /** Whether nothing gets past this mailet. */
    boolean closes() {
        return reach == Reach.ALL && (leaves == Leaves.END || leaves == Leaves.MOVE);
    }

    /** Whether it may be that nothing gets past this mailet. */
    boolean mayClose() {
        return (reach == Reach.ALL || reach == Reach.UNKNOWN) && leaves != Leaves.GO_ON;
    }
}
