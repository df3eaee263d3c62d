package org.relais.smtpclient.netty;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.relais.smtpclient.ClientSettings;

/** What all connections of a client share. */
record Surroundings(ClientSettings settings, Pool pool, Executor blocking, LongSupplier nanoTime, PeerTrust trust) {}
