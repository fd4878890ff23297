package io.winnow.fuzz;

import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.review.Decision;
import io.winnow.core.review.GoAhead;
import java.util.function.Function;

/** Model cards, promotions, decisions and words of operators: what is read is written and read the same again. */
public final class EventTarget {
    private EventTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        check(data, ModelCard::decode, ModelCard::encode);
        check(data, Promotion::decode, Promotion::encode);
        check(data, Decision::decode, Decision::encode);
        var unused = GoAhead.isOne(data);
    }

    private static <T> void check(byte[] data, Function<byte[], T> decode, Function<T, byte[]> encode) {
        T read;
        try {
            read = decode.apply(data);
        } catch (IllegalArgumentException e) {
            Checks.oneLine(e);
            return;
        }
        Checks.that(decode.apply(encode.apply(read)).equals(read), "an event that changes as it is written");
    }
}
