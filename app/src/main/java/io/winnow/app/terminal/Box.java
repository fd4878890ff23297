package io.winnow.app.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table in a frame: a title, then sections of label and value, each aligned. */
public final class Box {
    private static final Pattern PAINT = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final int GAP = 2;

    private final String title;
    private final List<List<String[]>> sections = new ArrayList<>();

    public Box(String title) {
        this.title = title;
    }

    /** Begins a section. */
    public Box section() {
        sections.add(new ArrayList<>());
        return this;
    }

    /** A row of the current section; cells after the first are aligned to the right. */
    public Box row(String... cells) {
        sections.get(sections.size() - 1).add(cells);
        return this;
    }

    /** The lines to print. */
    public List<String> lines() {
        int width = width(title) + 2;
        for (List<String[]> section : sections) {
            int[] columns = columns(section);
            for (String[] row : section) {
                width = Math.max(width, width(text(row, columns)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("╭─ " + title + " " + "─".repeat(width - width(title) - 1) + "╮");
        for (List<String[]> section : sections) {
            if (lines.size() > 1) {
                lines.add("├" + "─".repeat(width + 2) + "┤");
            }
            int[] columns = columns(section);
            for (String[] row : section) {
                String text = text(row, columns);
                lines.add("│ " + text + " ".repeat(width - width(text)) + " │");
            }
        }
        lines.add("╰" + "─".repeat(width + 2) + "╯");
        return lines;
    }

    /** A row of one cell is a sentence and keeps to no column. */
    private static String text(String[] row, int[] columns) {
        if (row.length == 1) {
            return row[0];
        }
        StringBuilder s = new StringBuilder();
        for (int c = 0; c < row.length; c++) {
            String pad = " ".repeat(columns[c] - width(row[c]));
            s.append(c == 0 ? row[c] + pad : " ".repeat(GAP) + pad + row[c]);
        }
        return s.toString();
    }

    private static int[] columns(List<String[]> rows) {
        int[] widths = new int[rows.stream().mapToInt(r -> r.length).max().orElse(0)];
        for (String[] row : rows) {
            for (int c = 0; row.length > 1 && c < row.length; c++) {
                widths[c] = Math.max(widths[c], width(row[c]));
            }
        }
        return widths;
    }

    /** Characters a person sees. */
    private static int width(String text) {
        return PAINT.matcher(text)
                .replaceAll("")
                .codePointCount(0, PAINT.matcher(text).replaceAll("").length());
    }
}
