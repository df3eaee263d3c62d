package org.relais.administration.benchmark;

/** A benchmark that has no figures to show, and what to do about it. */
public final class BenchmarkFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String remedy;

    BenchmarkFailure(String what, String remedy) {
        super(what);
        this.what = what;
        this.remedy = remedy;
    }

    public String what() {
        return what;
    }

    /** What to do about it; empty if nothing is known. */
    public String remedy() {
        return remedy;
    }
}
