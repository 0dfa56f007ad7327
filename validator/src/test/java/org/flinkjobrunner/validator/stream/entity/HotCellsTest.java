package org.flinkjobrunner.validator.stream.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HotCellsTest {
    private static EntityCell cell(int number) {
        return new EntityCell(EntityStateCodec.encode(EntityState.unknown("urn:" + number)));
    }

    private static long hot(List<EntityCell> cells) {
        return cells.stream().filter(cell -> cell.slot() != EntityCell.COLD).count();
    }

    @Test
    void noMoreThanItsSizeAreHotAndWhatIsUsedStays() {
        HotCells hot = new HotCells(8);
        List<EntityCell> cells = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            cells.add(cell(i));
        }
        for (int i = 0; i < 5_000; i++) {
            EntityCell one = cells.get(i % 2 == 0 ? 0 : random.nextInt(200));
            hot.touch(one, one.state());
            assertThat(one.slot()).isNotEqualTo(EntityCell.COLD);
            assertThat(hot(cells)).isLessThanOrEqualTo(8);
            assertThat(cells.get(0).slot()).as("used all the time").isNotEqualTo(EntityCell.COLD);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(cells.get(i).state().id()).isEqualTo("urn:" + i);
        }
    }

    @Test
    void aNewCellTakesThePlaceOfTheOldAndAForgottenOneLeavesIt() {
        HotCells hot = new HotCells(2);
        EntityCell old = cell(1);
        EntityCell next = cell(2);
        hot.touch(old, old.state());
        int place = old.slot();
        hot.replace(old, next, next.state());
        assertThat(next.slot()).isEqualTo(place);
        assertThat(old.slot()).isEqualTo(EntityCell.COLD);
        hot.forget(next);
        assertThat(next.slot()).isEqualTo(EntityCell.COLD);
    }
}
