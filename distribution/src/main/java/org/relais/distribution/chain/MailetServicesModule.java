package org.relais.distribution.chain;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import org.apache.james.DefaultVacationService;
import org.apache.james.jdkim.api.PublicKeyRecordRetriever;
import org.apache.james.util.date.DefaultZonedDateTimeProvider;
import org.apache.james.util.date.ZonedDateTimeProvider;
import org.apache.james.util.html.HtmlTextExtractor;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.VacationRepository;
import org.apache.james.vacation.api.VacationService;
import org.apache.james.vacation.memory.MemoryNotificationRegistry;
import org.apache.james.vacation.memory.MemoryVacationRepository;

/** What single mailets of James want besides the services that everybody uses. */
public final class MailetServicesModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(VacationService.class).to(DefaultVacationService.class).in(Singleton.class);
        bind(VacationRepository.class).to(MemoryVacationRepository.class).in(Singleton.class);
        bind(NotificationRegistry.class).to(MemoryNotificationRegistry.class).in(Singleton.class);
        bind(ZonedDateTimeProvider.class).to(DefaultZonedDateTimeProvider.class).in(Singleton.class);
        bind(HtmlTextExtractor.class).to(BoundedHtmlText.class).in(Singleton.class);
        bind(PublicKeyRecordRetriever.class).to(DkimKeyRecords.class).in(Singleton.class);
    }
}
