package org.relais.delivery.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.relais.spool.Changes;
import org.relais.spool.Receipt;
import org.relais.spool.Spool;

/** A spool whose commits can be kept under way, as a slow disk does. For many threads. */
final class HeldCommits {
    private final Spool behind;
    private final Spool spool;
    private final List<Runnable> held = new ArrayList<>();
    private boolean isHolding;

    HeldCommits(Spool behind) {
        this.behind = behind;
        this.spool = (Spool) Proxy.newProxyInstance(
                Spool.class.getClassLoader(), new Class<?>[] {Spool.class}, (self, method, of) -> {
                    try {
                        return method.getName().equals("commit") ? commit((Changes) of[0]) : method.invoke(behind, of);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    Spool spool() {
        return spool;
    }

    synchronized void hold() {
        isHolding = true;
    }

    synchronized int underWay() {
        return held.size();
    }

    void release() {
        List<Runnable> all;
        synchronized (this) {
            isHolding = false;
            all = List.copyOf(held);
            held.clear();
        }
        all.forEach(Runnable::run);
    }

    private synchronized CompletionStage<Receipt> commit(Changes changes) {
        if (!isHolding) {
            return behind.commit(changes);
        }
        CompletableFuture<Receipt> later = new CompletableFuture<>();
        held.add(() -> behind.commit(changes).whenComplete((receipt, thrown) -> {
            if (thrown == null) {
                later.complete(receipt);
            } else {
                later.completeExceptionally(thrown);
            }
        }));
        return later;
    }
}
