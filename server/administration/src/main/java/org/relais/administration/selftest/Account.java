package org.relais.administration.selftest;

/** Who logs in; the password is never printed. */
record Account(String address, String password) {
    @Override
    public String toString() {
        return "Account[" + address + "]";
    }
}
