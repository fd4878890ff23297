package io.winnow.core.contract;

/** A contract that cannot be used. The message is one line: file, line, what is wrong and what to write instead. */
public final class ContractException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ContractException(String message) {
        super(message);
    }
}
