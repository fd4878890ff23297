package io.winnow.trainer.store;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Champion;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;

/**
 * The models of one stream: {@code modelsDir/STREAM/ID/{model.pt, manifest.json, model-card.md, SHA256SUMS}}. A model
 * appears by one rename of a directory that is already whole and on disk; nothing else ever writes into it.
 */
public final class ModelStore {
    private static final String MODEL = "model.pt";
    private static final String MANIFEST = "manifest.json";
    private static final String PAGE = "model-card.md";
    private static final List<String> FILES = List.of(MODEL, MANIFEST, PAGE);
    /** Directories that a crash left behind; no id starts with a dot. */
    private static final String UNFINISHED = ".new-";

    private final Path directory;

    /**
     * The store of a stream; removes what a crash left half-written.
     *
     * @throws IOException if the directory cannot be made or read
     */
    public ModelStore(Path modelsDir, String stream) throws IOException {
        directory = modelsDir.resolve(stream);
        Files.createDirectories(directory);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
            for (Path unfinished : left) {
                delete(unfinished);
            }
        }
    }

    /**
     * Publishes a model: afterwards its directory is there, whole and on disk, or an exception says why not and nothing
     * is.
     *
     * @param target the field that is predicted
     * @param card makes the model's card of the archive's checksum
     * @return the model, as it will be loaded
     * @throws IOException if the disk does not take it
     */
    public Champion publish(TorchArchive archive, ModelSpec spec, String target, Function<String, ModelCard> card)
            throws IOException {
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished.resolve(MODEL)))) {
                archive.write(out);
            }
            ModelCard made = card.apply(Checksums.of(unfinished.resolve(MODEL)));
            Files.write(
                    unfinished.resolve(MANIFEST),
                    Manifest.of(made, target, spec).encode());
            Files.write(
                    unfinished.resolve(PAGE), ModelPage.of(made, target, spec).getBytes(StandardCharsets.UTF_8));
            Files.write(unfinished.resolve(Checksums.FILE), Checksums.list(unfinished, FILES));
            for (String name : FILES) {
                sync(unfinished.resolve(name));
            }
            sync(unfinished.resolve(Checksums.FILE));
            sync(unfinished);
            Path whole = directory.resolve(made.directory());
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
            return new Champion(made, spec, whole.resolve(MODEL));
        } finally {
            delete(unfinished);
        }
    }

    /**
     * Loads a model after comparing every byte with its checksums.
     *
     * @throws CorruptModelException if it is not there, or not what was published
     */
    public Champion load(String id) throws CorruptModelException {
        Path whole = directory.resolve(id);
        if (!Files.isDirectory(whole)) {
            throw new CorruptModelException("its directory is not there");
        }
        Checksums.verify(whole, FILES);
        try {
            Manifest manifest = Manifest.decode(Files.readAllBytes(whole.resolve(MANIFEST)));
            if (!manifest.card().id().equals(id)) {
                throw new CorruptModelException("its manifest is another model's");
            }
            if (!manifest.card().sha256().equals(Checksums.of(whole.resolve(MODEL)))) {
                throw new CorruptModelException("its archive is not the one that its card names");
            }
            return new Champion(manifest.card(), manifest.spec(), whole.resolve(MODEL));
        } catch (IOException e) {
            throw new CorruptModelException("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** To disk; without it a power cut may leave a whole name with half a content. */
    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.deleteIfExists(path);
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }
}
