package io.winnow.trainer.store;

import io.winnow.core.model.ModelCard;
import io.winnow.core.row.Quote;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.pictures.Picture;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page for people that lies beside a model. */
final class ModelPage {
    private ModelPage() {}

    static String of(ModelCard card, Draft draft, List<Picture> pictures) {
        ModelSpec spec = draft.spec();
        Double forest = card.baselines().forest();
        String champion = card.champion() == null ? "none to compare" : number(card.champion());
        return """
                # %s

                Predicts %s of stream `%s`. Published %s by Winnow %s.

                | on the newest %d rows, each answered before it was learned | %s |
                |---|---|
                | this model | %s |
                | the key's last target | %s |
                | a linear model | %s |
                | a random forest | %s |
                | the champion before | %s |

                Trained on the rest of %d rows of the clean topic, %s, seed %d.
                Network: %d inputs, %d residual blocks of width %d, %s.

                ## Use it
                `model.pt` is TorchScript: it needs PyTorch 1.13 or later and nothing of Winnow. `manifest.json` says what
                the rows and columns are. While this model is champion, `../live.pt` is the same with its small updates.

                ```python
                import torch
                model = torch.jit.load("model.pt")
                numbers = torch.full((1, %d, %d), float("nan"), dtype=torch.float64)  # rows of history, columns
                categories = torch.full((1, %d, %d), -1, dtype=torch.int64)  # ids: model.encode([[...]])
                print(model(numbers, categories))
                ```
                %s%s""".formatted(
                        card.id(),
                        Quote.of(draft.target()),
                        card.stream(),
                        card.createdAt(),
                        card.codeVersion(),
                        card.holdoutRows(),
                        card.metric(),
                        number(card.value()),
                        number(card.baselines().noChange()),
                        number(card.baselines().linear()),
                        forest == null ? "not measured" : number(forest),
                        champion,
                        card.rows(),
                        window(card),
                        card.seed(),
                        spec.inputs(),
                        spec.shape().blocks(),
                        spec.shape().hidden(),
                        answer(spec),
                        spec.history(),
                        spec.width(),
                        spec.history(),
                        spec.categories().size(),
                        Snippets.of(spec),
                        pictures(pictures));
    }

    private static String pictures(List<Picture> pictures) {
        return pictures.stream()
                .map(p -> "\n## %s\n![%s](%s)\n\n%s\n".formatted(p.title(), p.title(), p.file(), p.meaning()))
                .collect(Collectors.joining());
    }

    private static String answer(ModelSpec spec) {
        if (!spec.isRegression()) {
            return spec.outputs() + " classes";
        }
        return spec.change() ? "answering the last value plus a learned change" : "answering the value";
    }

    private static String window(ModelCard card) {
        return card.window().stream()
                .map(range -> "partition %d from offset %d to before %d"
                        .formatted(range.partition(), range.start(), range.end()))
                .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
