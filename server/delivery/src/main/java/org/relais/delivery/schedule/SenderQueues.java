package org.relais.delivery.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * The jobs in memory of one destination, fair between senders. Senders are hashed into {@value #GROUPS} groups
 * (stochastic fairness: however many senders somebody invents, a group has its share). Between groups it is start-time
 * fair queueing, counted in recipients: a group's next job has a <em>start tag</em>, the virtual time at which it would
 * start if all groups had the same share, and the least tag goes first. Within a group senders take turns, and within
 * a sender the higher priority goes first, then the older. Each operation takes O(log n). For one thread.
 */
final class SenderQueues<J> {
    static final int GROUPS = 256;
    private static final int MOST_COST = 1_000_000;

    /** @param isExtra whether it was let in beside what stands parked */
    record Entry<J>(String sender, int group, int priority, int recipients, boolean isExtra, long order, J job) {}

    private static final class Group<J> {
        private final Map<String, PriorityQueue<Entry<J>>> senders = new LinkedHashMap<>();
        private long start;
        private long finish;
        private long order;
        private int size;
        private int extras;
    }

    private final Map<Integer, Group<J>> groups = new HashMap<>();
    private final TreeSet<Group<J>> waiting = new TreeSet<>(
            Comparator.<Group<J>>comparingLong(group -> group.start).thenComparingLong(group -> group.order));
    private long virtualTime;
    private long orders;
    private int size;

    int size() {
        return size;
    }

    /** Jobs of that group, without extras. */
    int size(int group) {
        Group<J> found = groups.get(group);
        return found == null ? 0 : found.size - found.extras;
    }

    int extras(int group) {
        Group<J> found = groups.get(group);
        return found == null ? 0 : found.extras;
    }

    /** Whether that sender has nothing here that would go before a job of that priority. */
    boolean wouldBeFirst(String sender, int group, int priority) {
        Group<J> found = groups.get(group);
        PriorityQueue<Entry<J>> jobs = found == null ? null : found.senders.get(sender);
        return jobs == null || jobs.element().priority() < priority;
    }

    void add(String sender, int group, int priority, int recipients, boolean isExtra, J job) {
        Group<J> into = groups.computeIfAbsent(group, unused -> new Group<>());
        var entry = new Entry<>(sender, group, priority, recipients, isExtra, orders++, job);
        into.senders
                .computeIfAbsent(sender, unused -> new PriorityQueue<>(SenderQueues::compare))
                .add(entry);
        into.extras += isExtra ? 1 : 0;
        size++;
        if (into.size++ == 0) {
            wait(into, Math.max(virtualTime, into.finish));
        }
    }

    Optional<Entry<J>> poll() {
        Group<J> group = waiting.pollFirst();
        if (group == null) {
            return Optional.empty();
        }
        var turn = group.senders.entrySet().iterator().next();
        String sender = turn.getKey();
        PriorityQueue<Entry<J>> jobs = turn.getValue();
        Entry<J> entry = jobs.remove();
        group.senders.remove(sender);
        if (!jobs.isEmpty()) {
            group.senders.put(sender, jobs);
        }
        group.size--;
        group.extras -= entry.isExtra() ? 1 : 0;
        size--;
        virtualTime = group.start;
        group.finish = group.start + Math.max(1, Math.min(entry.recipients(), MOST_COST));
        if (group.size > 0) {
            wait(group, group.finish);
        }
        forgetWhenEmpty();
        return Optional.of(entry);
    }

    /** Takes all out. */
    List<Entry<J>> drain() {
        List<Entry<J>> all = new ArrayList<>(size);
        groups.values().forEach(group -> group.senders.values().forEach(all::addAll));
        all.sort(Comparator.comparingLong(Entry::order));
        waiting.clear();
        size = 0;
        forgetWhenEmpty();
        return all;
    }

    private void wait(Group<J> group, long start) {
        group.start = start;
        group.order = orders++;
        waiting.add(group);
    }

    private void forgetWhenEmpty() {
        if (size == 0) {
            groups.clear();
            virtualTime = 0;
        }
    }

    private static <J> int compare(Entry<J> one, Entry<J> other) {
        return one.priority() != other.priority()
                ? Integer.compare(other.priority(), one.priority())
                : Long.compare(one.order(), other.order());
    }
}
