package io.winnow.monitoring.ledger;

/** How one raw offset stands. */
public enum Standing {
    /** A record without a verdict, and no open transaction can hold one. */
    MISSING("has no verdict"),
    /** Its verdict can be read. */
    JUDGED("has its verdict already"),
    /** The job's last checkpoint does not cover it yet. */
    PENDING("is still pending: the hygiene job's last checkpoint does not cover it yet"),
    /** Its verdict may lie in a transaction that is still open. */
    DOUBTED("may have its verdict in a transaction that is still open"),
    /** Retention removed it, or may have removed its verdict. */
    EXPIRED("has expired: retention removed it, or may have removed its verdict"),
    /** A transaction marker, an aborted record, or nothing. */
    NO_RECORD("is no record: a transaction marker, an aborted record, or not there");

    private final String text;

    Standing(String text) {
        this.text = text;
    }

    /** What to say after the offset. */
    public String text() {
        return text;
    }
}
