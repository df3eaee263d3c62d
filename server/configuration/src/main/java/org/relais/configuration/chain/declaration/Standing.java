package org.relais.configuration.chain.declaration;

/** What Relais does with a parameter that stock James knows. */
public enum Standing {
    /** It works as documented. */
    READ,
    /** It is accepted, and another setting does its work: a notice. */
    REPLACED,
    /** Ignoring it would change where or how mail goes: an error that names the replacement. */
    REFUSED
}
