package io.winnow.hygiene.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.review.Decision;
import io.winnow.hygiene.ContractText;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.judge.InForce;
import io.winnow.hygiene.learn.MergerState;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SerializationTest {
    static List<Object> records() {
        byte[][] values = {{1}, null, {}};
        String[] names = {"a", "b", "ü"};
        return List.of(
                new RawRecord("s.raw", 3, 1L << 40, -1, null, null, new String[0], new byte[0][]),
                new RawRecord("s.raw", 0, 0, 5, new byte[0], new byte[] {1, 2}, names, values),
                new Delivery(1, 2, null, null, names, values),
                Learned.ended(1),
                Learned.sample(0, null),
                Learned.decided("s.raw/0/1", Decision.Action.DISCARD, new byte[] {1}),
                new InForce("hash", 4, 5),
                new MergerState(new byte[0], new byte[] {1}, 2, names));
    }

    @ParameterizedTest
    @MethodSource("records")
    void records_cross_edges_whole_and_without_kryo(Object record) throws IOException {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        @SuppressWarnings("unchecked")
        TypeSerializer<Object> serializer =
                (TypeSerializer<Object>) Types.POJO(record.getClass()).createSerializer(config);
        assertThat(serializer).isInstanceOf(PojoSerializer.class);
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        assertThat(serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .usingRecursiveComparison()
                .isEqualTo(record);
    }

    @Test
    void a_contract_travels_whole() {
        assertThat(ContractText.of(Samples.GRID).contract()).isEqualTo(Samples.GRID);
        Contract late = ContractReader.parse(
                "stream: s\nfeatures: [{name: a, type: number}]\ntarget: {name: y, type: number}\nlabels: {within: 24h}\n",
                "s.yaml");
        assertThat(ContractText.of(late).contract()).isEqualTo(late);
    }
}
