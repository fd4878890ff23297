package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.monitoring.ledger.AccountStore.Kind;
import io.winnow.monitoring.ledger.Horizon.Ends;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final Ends SETTLED = new Ends(0, 100_000, 100_000);
    private static final int ALL = 1_000;

    private final MemoryStore store = new MemoryStore();
    private Account account = new Account(0, store);
    private long at;

    private static Horizon until(long checkpoint) {
        return new Horizon(0, 1_000_000, checkpoint, SETTLED, SETTLED);
    }

    private void raw(long... offsets) {
        for (long o : offsets) {
            account.raw(o);
        }
    }

    private void judge(Side side, long... offsets) {
        for (long o : offsets) {
            account.sighted(side, new Sighting(0, o, false, 1, 1, false), at++, 1_000_000);
        }
    }

    private void release(long offset) {
        account.sighted(Side.CLEAN, new Sighting(0, offset, true, 1, 1, false), at++, 1_000_000);
    }

    private void part(long offset, int part, int parts) {
        account.sighted(Side.QUARANTINE, new Sighting(0, offset, false, part, parts, false), at++, 1_000_000);
    }

    private int pages() {
        List<Long> indexes = new ArrayList<>();
        store.scan(Kind.PAGE, 0, 0, Long.MAX_VALUE, (value, index) -> indexes.add(index));
        return indexes.size();
    }

    @Test
    void oneVerdictEachIsConservedAndOffsetsOfMarkersAreNoRecords() {
        raw(0, 1, 5, 6);
        judge(Side.CLEAN, 0, 5, 6);
        judge(Side.QUARANTINE, 1);
        Balance b = account.balance(until(7), ALL);
        assertThat(b).isEqualTo(new Balance(4, 3, 1, 0, 0, 0, 0, 0, 0, 0, List.of()));
        assertThat(b.isConserved()).isTrue();
    }

    @Test
    void aVerdictOnBothSidesIsADuplicateAndARecordWithoutOneIsMissing() {
        raw(0, 1, 2, 3, 5);
        judge(Side.CLEAN, 0);
        judge(Side.QUARANTINE, 0);
        Balance b = account.balance(until(6), ALL);
        assertThat(b)
                .isEqualTo(new Balance(
                        5, 1, 0, 0, 0, 0, 4, 1, 0, 0, List.of(new RawRange(0, 1, 3), new RawRange(0, 5, 5))));
        assertThat(b.isConserved()).isFalse();
    }

    @Test
    void aSecondVerdictIsADuplicateHoweverLateItComes() {
        raw(0);
        judge(Side.CLEAN, 0);
        account.settle(until(5_000), ALL);
        assertThat(pages()).isZero();
        judge(Side.QUARANTINE, 0);
        assertThat(account.settle(until(5_000), ALL).duplicated()).isEqualTo(1);
    }

    @Test
    void aReleaseIsNoVerdictAndASecondOneADuplicateMonthsLater() {
        raw(0);
        judge(Side.QUARANTINE, 0);
        release(0);
        account.settle(until(1_000_000), ALL);
        account = new Account(0, store);
        release(0);
        Balance b = account.balance(until(1_000_000), ALL);
        assertThat(b).isEqualTo(new Balance(1, 0, 1, 1, 0, 0, 0, 1, 0, 0, List.of()));
    }

    @Test
    void aRecordKeptInPartsHasItsVerdictWhenAllAreThere() {
        raw(0);
        part(0, 2, 3);
        part(0, 1, 3);
        assertThat(account.balance(until(1), ALL).missing()).isEqualTo(1);
        part(0, 1, 4);
        part(0, 3, 3);
        Balance whole = account.balance(until(1), ALL);
        assertThat(whole).isEqualTo(new Balance(1, 0, 1, 0, 0, 0, 0, 0, 0, 1, List.of()));
        part(0, 1, 3);
        part(0, 3, 3);
        assertThat(account.balance(until(1), ALL).duplicated()).isZero();
        part(0, 2, 3);
        assertThat(account.balance(until(1), ALL).duplicated()).isEqualTo(1);
        account.settle(until(2_000), ALL);
        store.scan(
                Kind.PARTS,
                0,
                0,
                Long.MAX_VALUE,
                (value, offset) -> assertThat(offset).as("left behind").isNegative());
    }

    @Test
    void aVerdictThatMayLieInAnOpenTransactionIsPendingNotMissing() {
        raw(0, 1, 2, 3);
        judge(Side.CLEAN, 0, 2);
        Horizon open = new Horizon(0, 4, 4, new Ends(0, 2, 5), new Ends(0, 0, 0));
        Balance b = account.balance(open, ALL);
        assertThat(b).isEqualTo(new Balance(3, 2, 0, 0, 1, 0, 1, 0, 1, 0, List.of(new RawRange(0, 1, 1))));
        assertThat(account.standing(1, open)).isEqualTo(Standing.MISSING);
        assertThat(account.standing(2, open)).isEqualTo(Standing.JUDGED);
        assertThat(account.standing(3, open)).isEqualTo(Standing.DOUBTED);
        assertThat(account.standing(4, open)).isEqualTo(Standing.NO_RECORD);
    }

    @Test
    void whatOneSideHasPassedIsNotExcusedByTheOtherSidesOpenTransaction() {
        raw(0, 1, 2, 3);
        judge(Side.QUARANTINE, 0);
        judge(Side.CLEAN, 1, 3);
        // Record 2 was lost with a transaction of quarantine; clean goes on, and has its next one open.
        Horizon cleanOpen = new Horizon(0, 4, 4, new Ends(0, 3, 9), new Ends(0, 2, 2));
        assertThat(account.balance(cleanOpen, ALL).missingRanges()).containsExactly(new RawRange(0, 2, 2));
        // While quarantine has one open that may hold it, it is doubted; and when that is committed without it, lost.
        Horizon bothOpen = new Horizon(0, 4, 4, new Ends(0, 3, 9), new Ends(0, 2, 3));
        assertThat(account.balance(bothOpen, ALL).doubted()).isEqualTo(1);
        raw(4);
        judge(Side.QUARANTINE, 4);
        assertThat(account.balance(bothOpen, ALL).missing()).isEqualTo(1);
    }

    @Test
    void whatAReplayWritesOutOfOrderSaysNothingOfWhatTransactionsHold() {
        raw(0, 1, 2, 3);
        judge(Side.CLEAN, 0);
        account.sighted(Side.CLEAN, new Sighting(0, 3, false, 1, 1, true), at++, 4);
        Horizon open = new Horizon(0, 4, 4, new Ends(0, 2, 5), new Ends(0, 0, 0));
        assertThat(account.balance(open, ALL).doubted()).isEqualTo(2);
    }

    @Test
    void foreignIdsNeitherCountNorTakeMemory() {
        raw(0, 2);
        judge(Side.CLEAN, 0, 1, 2);
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            judge(Side.CLEAN, 1_000_000_000L + (random.nextLong() >>> 2));
        }
        release(Long.MAX_VALUE);
        Balance b = account.settle(until(3), ALL);
        assertThat(b).isEqualTo(new Balance(2, 2, 0, 0, 0, 0, 0, 0, 0, 10_002, List.of()));
        assertThat(pages()).isEqualTo(1);
        assertThat(account.balance(until(3), ALL).isConserved()).isTrue();
    }

    @Test
    void whatRetentionTakesFromAnOpenPageExpires() {
        raw(0, 1, 2);
        judge(Side.CLEAN, 1);
        assertThat(account.settle(until(3), ALL).missing()).isEqualTo(2);
        Horizon later = new Horizon(2, 10, 3, SETTLED, SETTLED);
        assertThat(account.settle(later, ALL))
                .isEqualTo(new Balance(1, 0, 0, 0, 0, 2, 1, 0, 0, 0, List.of(new RawRange(0, 2, 2))));
        assertThat(account.standing(0, later)).isEqualTo(Standing.EXPIRED);
    }

    @Test
    void verdictsThatRetentionTookBeforeTheyWereReadAreNotMissing() {
        raw(0, 1, 2, 3);
        judge(Side.CLEAN, 0, 1);
        account.settle(new Horizon(0, 4, 2, new Ends(0, 2, 2), new Ends(0, 0, 0)), ALL);
        // Verdicts 2 to 4 on clean went while nobody read them: nobody can say which these were.
        Horizon later = new Horizon(0, 4, 4, new Ends(5, 6, 6), new Ends(0, 0, 0));
        judge(Side.CLEAN, 3);
        Balance b = account.settle(later, ALL);
        assertThat(List.of(b.missing(), b.expired(), b.raw())).containsExactly(0L, 3L, 1L);
    }

    @Test
    void whatIsReadFromTheStartAgainIsNotTakenInTwice() {
        raw(0, 1);
        judge(Side.CLEAN, 0, 1);
        account.settle(until(5_000), ALL);
        account = new Account(0, store);
        at = 0;
        raw(0, 1);
        judge(Side.CLEAN, 0, 1);
        assertThat(account.settle(until(5_000), ALL)).isEqualTo(new Balance(2, 2, 0, 0, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void monthsOfDataAreAFewEntries() {
        Random random = new Random(5);
        int n = 300_000;
        for (long o = 0; o < n; o++) {
            account.raw(o);
            if (o != 77_777) {
                judge(random.nextInt(50) == 0 ? Side.QUARANTINE : Side.CLEAN, o);
            }
            if (o % 20_000 == 19_999) {
                account.settle(until(o + 1), ALL);
                int[] largest = {0};
                store.scan(
                        Kind.PAGE,
                        0,
                        0,
                        Long.MAX_VALUE,
                        (value, index) -> largest[0] = Math.max(largest[0], value.length));
                assertThat(largest[0]).isLessThan(1_000);
                assertThat(pages()).isLessThanOrEqualTo(3);
            }
        }
        Balance b = account.settle(until(n), ALL);
        assertThat(b.raw()).isEqualTo(n);
        assertThat(b.missingRanges()).containsExactly(new RawRange(0, 77_777, 77_777));
        judge(Side.CLEAN, 77_777);
        assertThat(account.settle(until(n), ALL).isConserved()).isTrue();
        assertThat(pages()).isEqualTo(1);
    }

    @Test
    void aPageIsSmallWhateverIsInIt() {
        Page page = new Page();
        for (int bit = 0; bit < Page.SIZE; bit++) {
            (bit % 2 == 0 ? page.raw : page.clean).add(bit);
            if (bit % 4 < 2) {
                page.quarantine.add(bit);
            }
        }
        byte[] encoded = page.encode();
        assertThat(encoded.length).isLessThan(8 << 10);
        Page again = Page.decode(encoded);
        assertThat(again.raw).isEqualTo(page.raw);
        assertThat(again.clean).isEqualTo(page.clean);
        assertThat(again.quarantine).isEqualTo(page.quarantine);
    }
}
