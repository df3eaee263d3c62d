package org.relais.access.sieve;

/** Something that cannot be done with a script, as RFC 5804 §1.3 tells it. */
public final class ScriptRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The response codes that clients act upon. */
    public enum Code {
        NONEXISTENT("NONEXISTENT", "There is no such script"),
        EXISTS("ALREADYEXISTS", "There is a script of that name"),
        ACTIVE("ACTIVE", "The active script cannot be deleted"),
        QUOTA("QUOTA", "No room for the script");

        private final String word;
        private final String text;

        Code(String word, String text) {
            this.word = word;
            this.text = text;
        }
    }

    private final Code code;

    public ScriptRefusedException(Code code) {
        super(code.text);
        this.code = code;
    }

    /** The response that tells it, without line break. */
    String response() {
        return "NO (" + code.word + ") \"" + code.text + "\"";
    }
}
