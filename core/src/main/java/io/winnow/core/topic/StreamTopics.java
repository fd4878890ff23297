package io.winnow.core.topic;

import io.winnow.core.contract.Contract;

/**
 * The topics of one stream.
 *
 * @param stream the stream's name
 */
public record StreamTopics(String stream) {
    /** The topics of this contract's stream. */
    public static StreamTopics of(Contract contract) {
        return new StreamTopics(contract.stream());
    }

    /** What producers sent. */
    public String raw() {
        return stream + ".raw";
    }

    /** Accepted records, and released ones. */
    public String clean() {
        return stream + ".clean";
    }

    /** Set-aside records, bytes intact. */
    public String quarantine() {
        return stream + ".quarantine";
    }

    /** What operators decided. */
    public String decisions() {
        return stream + ".decisions";
    }

    /** Targets that arrive late. */
    public String labels() {
        return stream + ".labels";
    }

    /** Profiles by hash; compacted. */
    public String profiles() {
        return stream + ".profiles";
    }

    /** Model cards by model id; compacted. */
    public String models() {
        return stream + ".models";
    }

    /** Promote, roll back, pin, retire; its last event names the champion. */
    public String promotions() {
        return stream + ".promotions";
    }

    /** Who may run the hygiene job: claims and signs of life; compacted. */
    public String leases() {
        return stream + ".leases";
    }

    /** Each HTTP client's last request, by the client's name; compacted, and made by the gateway. */
    public String requests() {
        return stream + ".requests";
    }

    /** CloudEvents of every action. */
    public String audit() {
        return stream + ".audit";
    }
}
