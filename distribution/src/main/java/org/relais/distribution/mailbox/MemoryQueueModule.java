package org.relais.distribution.mailbox;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import org.apache.james.queue.api.MailQueue;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.queue.api.MailQueueItemDecoratorFactory;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.queue.api.RawMailQueueItemDecoratorFactory;
import org.apache.james.queue.memory.MemoryMailQueueFactory;
import org.relais.chain.james.ExactMailQueueFactory;

/** The queues in memory: nothing of them survives a restart. The issue on the spool replaces this module. */
public final class MemoryQueueModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(MailQueueItemDecoratorFactory.class)
                .to(RawMailQueueItemDecoratorFactory.class)
                .in(Singleton.class);
        bind(MemoryMailQueueFactory.class).in(Singleton.class);
        bind(new TypeLiteral<MailQueueFactory<?>>() {}).to(ExactMailQueueFactory.class);
        bind(new TypeLiteral<MailQueueFactory<? extends MailQueue>>() {}).to(ExactMailQueueFactory.class);
        bind(new TypeLiteral<MailQueueFactory<? extends ManageableMailQueue>>() {})
                .to(ExactMailQueueFactory.class);
    }

    /** James's queues copy a mail through JavaMail, which does not keep every octet of a header. */
    @Provides
    @Singleton
    ExactMailQueueFactory exact(MemoryMailQueueFactory queues) {
        return new ExactMailQueueFactory(queues);
    }
}
