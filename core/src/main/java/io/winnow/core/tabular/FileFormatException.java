package io.winnow.core.tabular;

import java.io.IOException;

/** A file that cannot be read as records at all. The message is one line: file, line, what is wrong, what to do. */
public final class FileFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public FileFormatException(String message) {
        super(message);
    }
}
