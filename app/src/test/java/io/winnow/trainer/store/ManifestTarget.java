package io.winnow.trainer.store;

import io.winnow.fuzz.Checks;

/** A manifest: one that is written and read the same again, or one line that says that it is none. */
public final class ManifestTarget {
    private ManifestTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws CorruptModelException {
        Manifest manifest;
        try {
            manifest = Manifest.decode(data);
        } catch (CorruptModelException e) {
            Checks.oneLine(e);
            return;
        }
        Checks.that(Manifest.decode(manifest.encode()).equals(manifest), "a manifest that changes as it is written");
    }
}
