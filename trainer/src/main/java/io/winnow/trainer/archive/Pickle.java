package io.winnow.trainer.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The little of Python's pickle (protocol 2) that a TorchScript module needs: one object and its attributes. Tensors'
 * elements go to storages of their own, numbered in order of appearance.
 */
final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<byte[]> storages = new ArrayList<>();

    private Pickle() {}

    /**
     * A pickled module.
     *
     * @param bytes the pickle
     * @param storages what its tensors refer to, by number
     */
    record Pickled(byte[] bytes, List<byte[]> storages) {}

    /** An instance of {@code __torch__.NAME} with these attributes. */
    static Pickled module(String name, Map<String, Attribute> attributes) {
        Pickle pickle = new Pickle();
        pickle.op(0x80).op(2).global("__torch__", name).ascii(")").op(0x81).ascii("}(");
        attributes.forEach((attribute, value) -> pickle.text(attribute).value(value));
        pickle.ascii("ub.");
        return new Pickled(pickle.out.toByteArray(), pickle.storages);
    }

    /** An empty tuple: the archive's constants. */
    static byte[] emptyTuple() {
        return new Pickle().op(0x80).op(2).ascii(").").out.toByteArray();
    }

    private void value(Attribute value) {
        if (value instanceof Attribute.Tensor tensor) {
            tensor(tensor);
        } else if (value instanceof Attribute.Flag flag) {
            bool(flag.value());
        } else if (value instanceof Attribute.Vocabularies vocabularies) {
            vocabularies(vocabularies);
        }
    }

    private void tensor(Attribute.Tensor tensor) {
        long elements = tensor.data().length / tensor.kind().bytes;
        global("torch._utils", "_rebuild_tensor_v2").ascii("((").text("storage");
        global("torch", tensor.kind().storage).text(Integer.toString(storages.size()));
        text("cpu").integer(elements).ascii("tQ").integer(0);
        storages.add(tensor.data());
        List<Long> shape = tensor.shape();
        ascii("(");
        shape.forEach(this::integer);
        ascii("t(");
        long stride = elements;
        for (long size : shape) {
            stride = size == 0 ? 1 : stride / size;
            integer(stride);
        }
        ascii("t").bool(tensor.parameter()).global("collections", "OrderedDict").ascii(")RtR");
    }

    private void vocabularies(Attribute.Vocabularies vocabularies) {
        tag().ascii("](");
        for (List<String> values : vocabularies.values()) {
            tag().ascii("}(");
            for (int i = 0; i < values.size(); i++) {
                text(values.get(i)).integer(i);
            }
            ascii("u").text("Dict[str, int]").op(0x86).ascii("R");
        }
        ascii("e").text(vocabularies.type()).op(0x86).ascii("R");
    }

    private Pickle tag() {
        return global("torch.jit._pickle", "restore_type_tag");
    }

    private Pickle global(String module, String name) {
        return ascii("c" + module + "\n" + name + "\n");
    }

    private Pickle text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        op('X').int32(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    private Pickle bool(boolean value) {
        return op(value ? 0x88 : 0x89);
    }

    private Pickle integer(long value) {
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a tensor of " + value + " elements is too large");
        }
        return op('J').int32((int) value);
    }

    private Pickle int32(int value) {
        return op(value).op(value >>> 8).op(value >>> 16).op(value >>> 24);
    }

    private Pickle op(int code) {
        out.write(code);
        return this;
    }

    private Pickle ascii(String codes) {
        out.writeBytes(codes.getBytes(StandardCharsets.US_ASCII));
        return this;
    }
}
