package io.winnow.trainer.live;

import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.Window;

/** Where a row was read, the same in every window that has it. */
record Place(int partition, long offset, boolean aside) {
    static Place of(Window window, int row) {
        return new Place(window.partition(row), window.offset(row), window.standing(row) == Standing.ASIDE);
    }
}
