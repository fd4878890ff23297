package io.winnow.monitoring.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The templates, which the build made into classes, and the files that go with them. */
final class Page {
    private static final String HTMX = "/META-INF/maven/org.webjars.npm/htmx.org/pom.properties";

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Page.class.getClassLoader(), "io.winnow.monitoring.web.templates");
    private final byte[] css = resource("/io/winnow/monitoring/web/desk.css");
    private final byte[] script = resource("/io/winnow/monitoring/web/desk.js");
    private final byte[] htmx = resource("/META-INF/resources/webjars/htmx.org/" + htmxVersion() + "/dist/htmx.min.js");

    String list(ListPage page) {
        return render("list.jte", page);
    }

    String detail(CasePage page) {
        return render("detail.jte", page);
    }

    byte[] css() {
        return css;
    }

    byte[] script() {
        return script;
    }

    byte[] htmx() {
        return htmx;
    }

    private String render(String template, Object model) {
        StringOutput output = new StringOutput();
        engine.render(template, model, output);
        return output.toString();
    }

    private static String htmxVersion() {
        Properties properties = new Properties();
        try (InputStream in = open(HTMX)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] resource(String path) {
        try (InputStream in = open(path)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String path) {
        InputStream in = Page.class.getResourceAsStream(path);
        if (in == null) {
            throw new IllegalStateException("this build of Winnow lacks " + path + "; build it again");
        }
        return in;
    }
}
