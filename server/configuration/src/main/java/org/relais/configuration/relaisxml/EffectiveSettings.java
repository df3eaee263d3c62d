package org.relais.configuration.relaisxml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.relais.configuration.schema.Declaration;
import org.relais.configuration.schema.RelaisSchema;
import org.relais.configuration.schema.Setting;
import org.relais.configuration.xml.XmlElement;

/** Lists every setting as it holds, in the order of the schema. */
final class EffectiveSettings {
    private final Content content;
    private final List<EffectiveSetting> rows = new ArrayList<>();

    private EffectiveSettings(Content content) {
        this.content = content;
    }

    static List<EffectiveSetting> of(Content content) {
        EffectiveSettings effective = new EffectiveSettings(content);
        RelaisSchema.DECLARATIONS.forEach(effective::list);
        return List.copyOf(effective.rows);
    }

    private void list(Declaration declaration) {
        if (declaration instanceof Declaration.Value value) {
            row(declaration.name(), value.setting(), content.values());
        } else if (declaration instanceof Declaration.Section section) {
            section.settings()
                    .forEach(setting -> row(section.name() + "/" + setting.name(), setting, content.values()));
        } else if (declaration instanceof Declaration.Items items) {
            items(items);
        }
    }

    private void items(Declaration.Items items) {
        Optional<Content.ItemList> written = content.items(items);
        if (written.isPresent()) {
            List<Values> values = written.get().values();
            for (int i = 0; i < values.size(); i++) {
                for (Setting<?> setting : items.attributes()) {
                    row(path(items, i, setting), setting, values.get(i));
                }
                plugIns(items, i, values.get(i));
            }
            return;
        }
        for (int i = 0; i < items.defaults().size(); i++) {
            Map<Setting<?>, String> item = items.defaults().get(i);
            int number = i;
            item.forEach(
                    (setting, text) -> rows.add(new EffectiveSetting(path(items, number, setting), text, true, 1)));
        }
    }

    private void plugIns(Declaration.Items items, int index, Values item) {
        Declaration.PlugIn plugIn = items.plugIn();
        for (int i = 0; plugIn != null && i < item.plugIns().size(); i++) {
            XmlElement element = item.plugIns().get(i);
            Setting<String> setting = plugIn.className();
            String path = items.name() + "/" + items.item() + "[" + (index + 1) + "]/" + plugIn.name() + "[" + (i + 1)
                    + "]/" + setting.name();
            element.attribute(setting.name())
                    .ifPresent(written ->
                            rows.add(new EffectiveSetting(path, written.value().strip(), false, written.line())));
        }
    }

    private static String path(Declaration.Items items, int index, Setting<?> setting) {
        String item = items.name() + "/" + items.item() + "[" + (index + 1) + "]";
        return items.areText() ? item : item + "/" + setting.name();
    }

    private void row(String path, Setting<?> setting, Values values) {
        boolean isDefault = !values.isGiven(setting);
        String value = values.text(setting).orElse("(" + setting.without() + ")");
        rows.add(new EffectiveSetting(path, value, isDefault, isDefault ? 1 : values.line(setting)));
    }
}
