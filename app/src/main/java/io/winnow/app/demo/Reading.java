package io.winnow.app.demo;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One record of the grid as a producer would write it: JSON values by field, in order.
 *
 * @param site the key
 * @param values JSON text by field: numbers plain, strings quoted
 */
record Reading(String site, Map<String, String> values) {

    /** The JSON text in a field that is there. */
    String text(String field) {
        return Objects.requireNonNull(values.get(field), field);
    }

    /** The number in a field. */
    BigDecimal number(String field) {
        return new BigDecimal(text(field));
    }

    /** The same reading with one field changed. */
    Reading with(String field, String json) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(field, json);
        return new Reading(site, changed);
    }

    /** The same reading without a field. */
    Reading without(String field) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.remove(field);
        return new Reading(site, changed);
    }

    /** As JSON. */
    String json() {
        StringBuilder s = new StringBuilder(320).append('{');
        values.forEach((field, value) -> {
            if (s.length() > 1) {
                s.append(',');
            }
            s.append('"').append(field).append("\":").append(value);
        });
        return s.append('}').toString();
    }

    /** As the bytes of a Kafka value. */
    byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }
}
