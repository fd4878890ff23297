package io.winnow.trainer.store;

import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.PublishedArchive;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Champion;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.pictures.ModelPictures;
import io.winnow.trainer.pictures.Picture;
import io.winnow.trainer.store.Manifest.Start;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models of one stream: {@code modelsDir/STREAM/ID/{model.pt, start.pt, manifest.json, model-card.md, *.png, SHA256SUMS}}. A
 * model appears by one rename of a directory that is already whole and on disk, and goes by one rename too; nothing else
 * ever writes into it. Beside them lies {@code live.pt}, the champion with its small updates, and is replaced by one rename.
 * One owner publishes and removes; others may read meanwhile.
 */
public final class ModelStore {
    private static final String MODEL = "model.pt";
    private static final String MANIFEST = "manifest.json";
    private static final String PAGE = "model-card.md";
    /** The model as it was before its holdout. */
    private static final String START = "start.pt";

    /** The champion as it is now. */
    private static final String LIVE = "live.pt";

    private static final List<String> FILES = List.of(MODEL, MANIFEST, PAGE);
    /** What a crash left behind; no id starts with a dot. */
    private static final String UNFINISHED = ".new-";

    private static final String DOOMED = ".old-";

    private final Path directory;

    /**
     * The store of a stream, for its one owner; removes what a crash left half-written or half-removed.
     *
     * @throws IOException if the directory cannot be made or read
     */
    public ModelStore(Path modelsDir, String stream) throws IOException {
        this(modelsDir.resolve(stream));
        Files.createDirectories(directory);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, ".{new,old}-*")) {
            for (Path half : left) {
                delete(half);
            }
        }
    }

    private ModelStore(Path directory) {
        this.directory = directory;
    }

    /** The store of a stream for reading only, whoever owns it. */
    public static ModelStore reading(Path modelsDir, String stream) {
        return new ModelStore(modelsDir.resolve(stream));
    }

    /**
     * Publishes a model: afterwards its directory is there, whole and on disk, or an exception says why not and nothing
     * is.
     *
     * @return the model, as it will be loaded
     * @throws IOException if the disk does not take it; the message is one line
     */
    public Champion publish(Draft draft) throws IOException {
        try {
            return written(draft);
        } catch (IOException e) {
            throw notTaken("the model", e);
        }
    }

    /**
     * Writes the champion as it is now: afterwards {@code live.pt} is this, whole and on disk, or an exception says why not
     * and it is what it was.
     *
     * @param archive its weights and code
     * @param card what is to be said of it
     * @throws IOException if the disk does not take it; the message is one line
     */
    public void writeLive(TorchArchive archive, LiveCard card) throws IOException {
        try {
            replaceLive(archive.with(LiveCard.FILE, card.encode()));
        } catch (IOException e) {
            throw notTaken(LIVE, e);
        }
    }

    private void replaceLive(TorchArchive archive) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED + LIVE);
        try {
            write(archive, unfinished);
            sync(unfinished);
            Files.move(unfinished, directory.resolve(LIVE), StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } finally {
            delete(unfinished);
        }
    }

    /**
     * Removes {@code live.pt}, if it is there.
     *
     * @throws IOException if it cannot be removed
     */
    public void removeLive() throws IOException {
        if (Files.deleteIfExists(directory.resolve(LIVE))) {
            sync(directory);
        }
    }

    /** What {@code live.pt} says of itself; empty where there is none, it is damaged, or it goes on from another model. */
    public Optional<LiveCard> live(String id) {
        try {
            return TorchArchive.extra(directory.resolve(LIVE), LiveCard.FILE)
                    .flatMap(LiveCard::decode)
                    .filter(card -> card.model().equals(id));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private IOException notTaken(String what, IOException e) {
        return new IOException(
                "the model store " + directory + " does not take " + what + " (" + reason(e)
                        + "); free some space or mend its permissions",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f) {
            return f.getReason() == null ? f.getClass().getSimpleName() : f.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private Champion written(Draft draft) throws IOException {
        Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
        try {
            write(draft.archive(), unfinished.resolve(MODEL));
            ModelCard made = draft.card().apply(Checksums.of(unfinished.resolve(MODEL)));
            List<Picture> pictures = ModelPictures.draw(unfinished, draft.figures());
            Files.write(
                    unfinished.resolve(MANIFEST),
                    Manifest.of(made, draft, start(draft, unfinished)).encode());
            Files.write(
                    unfinished.resolve(PAGE),
                    ModelPage.of(made, draft, pictures).getBytes(StandardCharsets.UTF_8));
            List<String> names = Stream.of(
                            FILES.stream(),
                            pictures.stream().map(Picture::file),
                            draft.start() == null ? Stream.<String>empty() : Stream.of(START))
                    .flatMap(s -> s)
                    .toList();
            Files.write(unfinished.resolve(Checksums.FILE), Checksums.list(unfinished, names));
            for (String name : names) {
                sync(unfinished.resolve(name));
            }
            sync(unfinished.resolve(Checksums.FILE));
            sync(unfinished);
            Path whole = directory.resolve(made.directory());
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
            return new Champion(made, draft.spec(), whole.resolve(MODEL));
        } finally {
            delete(unfinished);
        }
    }

    private static @Nullable Start start(Draft draft, Path folder) throws IOException {
        Learned start = draft.start();
        if (start == null) {
            return null;
        }
        write(start.archive(), folder.resolve(START));
        return new Start(Checksums.of(folder.resolve(START)), start.horizon());
    }

    private static void write(TorchArchive archive, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            archive.write(out);
        }
    }

    /** Ids of the models that are there, oldest first; whether they are whole is not looked at. */
    public List<String> ids() {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> models = Files.newDirectoryStream(directory, p -> {
            return Files.isDirectory(p) && !p.getFileName().toString().startsWith(".");
        })) {
            models.forEach(all::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        // Ids begin with stream and second of publication.
        return all.stream().map(p -> p.getFileName().toString()).sorted().toList();
    }

    /**
     * Removes the models that {@link Retention} gives up.
     *
     * @param newest how many are kept for their age alone
     * @return the ids of those that are gone
     * @throws IOException if one cannot be removed; it is then there whole, or not at all
     */
    public List<String> retain(ChampionHistory history, int newest) throws IOException {
        List<String> stored = ids();
        Map<String, String> parents = new HashMap<>();
        for (String id : stored) {
            parent(id).ifPresent(parent -> parents.put(id, parent));
        }
        List<String> doomed = Retention.doomed(stored, parents, history, newest);
        for (String id : doomed) {
            Path out = directory.resolve(DOOMED + id);
            Files.move(directory.resolve(id), out, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
            delete(out);
        }
        return doomed;
    }

    private Optional<String> parent(String id) {
        try {
            return Optional.ofNullable(Manifest.decode(
                                    Files.readAllBytes(directory.resolve(id).resolve(MANIFEST)))
                            .origin()
                            .warmStart())
                    .map(Origin.Parent::id);
        } catch (IOException | CorruptModelException e) {
            // What it was made from cannot be told any more.
            return Optional.empty();
        }
    }

    /**
     * Loads a model after comparing every byte with its checksums.
     *
     * @throws CorruptModelException if it is not there, or not what was published
     */
    public Champion load(String id) throws CorruptModelException {
        Manifest manifest = manifest(id);
        return new Champion(manifest.card(), manifest.spec(), file(id));
    }

    /**
     * What a later training may begin from: the model as it was before its holdout; empty where that was not kept.
     *
     * @throws CorruptModelException if the model is not there, or not what was published
     */
    public Optional<Learned> start(String id) throws CorruptModelException {
        Manifest manifest = manifest(id);
        Start start = manifest.start();
        if (start == null) {
            return Optional.empty();
        }
        try {
            Path file = directory.resolve(id).resolve(START);
            if (!start.sha256().equals(Checksums.of(file))) {
                throw new CorruptModelException(START + " is not the one that its manifest names");
            }
            PublishedArchive archive = PublishedArchive.read(file, manifest.spec());
            return Optional.of(
                    Learned.of(new Recipe(manifest.spec(), archive.scaling()), archive.state(), start.horizon()));
        } catch (IOException e) {
            throw new CorruptModelException(
                    START + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * What a model's training began from.
     *
     * @throws CorruptModelException if that is not there any more, or not what it was
     */
    public Learned start(Origin.Parent parent) throws CorruptModelException {
        Start start = manifest(parent.id()).start();
        if (start == null || !start.sha256().equals(parent.sha256())) {
            throw new CorruptModelException("it has no " + START + " of hash " + parent.sha256());
        }
        return start(parent.id()).orElseThrow();
    }

    /** Where a model's archive lies, if it is there. */
    public Path file(String id) {
        return directory.resolve(id).resolve(MODEL);
    }

    /**
     * A model's manifest, after comparing every byte of the model with its checksums.
     *
     * @throws CorruptModelException if it is not there, or not what was published
     */
    public Manifest manifest(String id) throws CorruptModelException {
        Path whole = directory.resolve(id);
        // Asked of the directory, so that no id leads out of it.
        if (!ids().contains(id)) {
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
            return manifest;
        } catch (IOException e) {
            throw new CorruptModelException("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** One of a model's pictures as PNG; empty where there is none of this name. */
    public Optional<byte[]> picture(String id, Picture picture) {
        try {
            return Optional.of(Files.readAllBytes(directory.resolve(id).resolve(picture.file())));
        } catch (IOException e) {
            return Optional.empty();
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
