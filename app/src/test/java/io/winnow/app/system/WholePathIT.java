package io.winnow.app.system;

import java.util.Map;

/** The whole path in this process: embedded broker, MiniCluster, desk; the trainer beside it. */
class WholePathIT extends WholePathContract {
    @Override
    Map<String, String> kafka() {
        return Map.of();
    }

    @Override
    boolean jobRunsHere() {
        return true;
    }
}
