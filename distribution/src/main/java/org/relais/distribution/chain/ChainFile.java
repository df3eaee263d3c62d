package org.relais.distribution.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.XMLConfiguration;
import org.apache.commons.configuration2.convert.DisabledListDelimiterHandler;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.io.FileHandler;
import org.apache.commons.configuration2.tree.ImmutableNode;

/** {@code mailetcontainer.xml} as James's parts read it; whoever opens it has had it checked before. */
public final class ChainFile {
    private final HierarchicalConfiguration<ImmutableNode> root;

    private ChainFile(HierarchicalConfiguration<ImmutableNode> root) {
        this.root = root;
    }

    /** @throws ConfigurationException if it is not well-formed; document types and entities are refused */
    public static ChainFile read(Path file) throws IOException, ConfigurationException {
        XMLConfiguration configuration = new XMLConfiguration();
        configuration.setListDelimiterHandler(DisabledListDelimiterHandler.INSTANCE);
        try (InputStream content = Files.newInputStream(file)) {
            configuration.setDocumentBuilder(parsers().newDocumentBuilder());
            new FileHandler(configuration).load(content);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every Java platform has a secure XML parser", e);
        }
        return new ChainFile(configuration);
    }

    private static DocumentBuilderFactory parsers() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        return factory;
    }

    public HierarchicalConfiguration<ImmutableNode> processors() {
        return root.configurationAt("processors");
    }

    /**
     * What James's mailet context is configured with.
     *
     * @param domain completes a postmaster that is written without one
     */
    public HierarchicalConfiguration<ImmutableNode> context(String domain) {
        String postmaster = root.getString("context.postmaster", "postmaster");
        BaseHierarchicalConfiguration context = new BaseHierarchicalConfiguration();
        context.addProperty("postmaster", postmaster.contains("@") ? postmaster : postmaster + "@" + domain);
        return context;
    }
}
