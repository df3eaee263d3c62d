package org.relais.distribution.foundation;

import java.nio.file.Path;
import org.apache.james.filesystem.api.JamesDirectoriesProvider;

/** The home's folders under the names James knows: what James calls {@code var} is our {@code data}. */
public record HomeDirectories(Path home) implements JamesDirectoriesProvider {
    public HomeDirectories {
        home = home.toAbsolutePath();
    }

    @Override
    public String getAbsoluteDirectory() {
        return "/";
    }

    @Override
    public String getConfDirectory() {
        return home.resolve("conf") + "/";
    }

    @Override
    public String getVarDirectory() {
        return home.resolve("data") + "/";
    }

    @Override
    public String getRootDirectory() {
        return home.resolve("data") + "/";
    }
}
