package org.relais.configuration.chain;

/**
 * Why a value cannot be.
 *
 * @param what continues "X is "value", ": "which is not a whole number"
 */
record Problem(String what, String remedy) {}
