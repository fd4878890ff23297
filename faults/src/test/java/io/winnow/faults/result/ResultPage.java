package io.winnow.faults.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The record as a page: a line for each kind, and every run that needs an explanation. */
final class ResultPage {
    private ResultPage() {}

    static String of(List<Entry> runs) {
        Map<String, List<Entry>> kinds =
                runs.stream().collect(Collectors.groupingBy(Entry::fault, TreeMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder("""
                # Faults

                Written by `./mvnw -Pfaults verify` alone, from [faults.json](faults.json). `./mvnw -Pfaults -Dfault=ID verify`
                repeats one: ID is a kind, or a kind and a seed as in `KIND-SEED`.

                """);
        page.append(String.format(
                Locale.ROOT,
                "%d runs of %d kinds, %d times harm; of %d expected, %d lost and %d duplicated. %d runs passed.%n%n",
                runs.size(),
                kinds.size(),
                runs.stream().mapToInt(Entry::harms).sum(),
                runs.stream().mapToLong(Entry::expected).sum(),
                runs.stream().mapToLong(Entry::lost).sum(),
                runs.stream().mapToLong(Entry::duplicated).sum(),
                runs.stream().filter(Entry::passed).count()));
        page.append("""
                Two oracles must agree on each run: `winnow audit`, and a plain consumer that counts by offset and by the number
                in each value and compares the bytes. Recovery is the longest time from a harm to the first readable verdict of
                a record that was sent after it, in seconds.

                | kind | what is done | runs | harms | expected | lost | duplicated | recovery: median, longest |
                |---|---|---|---|---|---|---|---|
                """);
        kinds.forEach((kind, of) -> page.append(row(kind, of)));
        List<Entry> told = runs.stream()
                .filter(e -> e.explanation() != null || !e.passed())
                .toList();
        if (!told.isEmpty()) {
            page.append("\n## Notes\n\n");
            notes(told).forEach(line -> page.append("- ").append(line).append('\n'));
        }
        return page.toString();
    }

    private static String row(String kind, List<Entry> runs) {
        double[] recovery =
                runs.stream().mapToDouble(Entry::secondsToRecover).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %d | %d | %d | %d | %d | %.1f, %.1f |%n",
                kind,
                runs.get(0).what(),
                runs.size(),
                runs.stream().mapToInt(Entry::harms).sum(),
                runs.stream().mapToLong(Entry::expected).sum(),
                runs.stream().mapToLong(Entry::lost).sum(),
                runs.stream().mapToLong(Entry::duplicated).sum(),
                recovery[recovery.length / 2],
                recovery[recovery.length - 1]);
    }

    private static List<String> notes(List<Entry> told) {
        List<String> lines = new ArrayList<>();
        for (Entry e : told) {
            String failed = e.passed() ? "" : " **failed**: " + String.join("; ", e.problems());
            lines.add("`" + e.id() + "`:" + failed + (e.explanation() == null ? "" : " " + e.explanation()));
        }
        return lines;
    }
}
