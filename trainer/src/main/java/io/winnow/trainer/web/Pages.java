package io.winnow.trainer.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The templates, which the build made into classes, and the style that goes with them. */
final class Pages {
    private static final String CSS = "/io/winnow/trainer/web/models.css";

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "io.winnow.trainer.web.templates");
    private final byte[] css = resource();

    String list(ListPage page) {
        return render("models.jte", page);
    }

    String card(CardPage page) {
        return render("model.jte", page);
    }

    byte[] css() {
        return css;
    }

    private String render(String template, Object model) {
        StringOutput output = new StringOutput();
        engine.render(template, model, output);
        return output.toString();
    }

    private static byte[] resource() {
        try (InputStream in = Pages.class.getResourceAsStream(CSS)) {
            if (in == null) {
                throw new IllegalStateException("this build of Winnow lacks " + CSS + "; build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
