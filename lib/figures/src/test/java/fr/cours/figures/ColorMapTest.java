package fr.cours.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColorMapTest {
    @ParameterizedTest
    @EnumSource
    void everyNumberIsReadableOnItsCell(ColorMap colors) {
        for (int i = 0; i <= 1000; i++) {
            Color ground = colors.color(i / 1000.0);
            assertThat(Picture.contrast(ColorMap.inkOn(ground), ground)).isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void contrastIsThatOfWcag() {
        assertThat(Picture.contrast(Color.BLACK, Color.WHITE)).isCloseTo(21, within(1e-9));
        assertThat(Picture.contrast(Color.WHITE, new Color(0x767676))).isCloseTo(4.54, within(0.005));
    }

    @Test
    void lightnessNeverGoesBack() {
        for (int i = 1; i <= ColorMap.STEPS; i++) {
            double t = (double) i / ColorMap.STEPS;
            double before = (double) (i - 1) / ColorMap.STEPS;
            assertThat(light(ColorMap.VIRIDIS, t)).isGreaterThan(light(ColorMap.VIRIDIS, before));
            assertThat(light(ColorMap.REDS, t)).isLessThan(light(ColorMap.REDS, before));
            if (t <= 0.5) {
                assertThat(light(ColorMap.BLUE_RED, t)).isGreaterThan(light(ColorMap.BLUE_RED, before));
            } else {
                assertThat(light(ColorMap.BLUE_RED, t)).isLessThan(light(ColorMap.BLUE_RED, before));
            }
        }
    }

    private static double light(ColorMap colors, double t) {
        return Picture.contrast(colors.color(t), Color.BLACK);
    }

    @Test
    void outsideTheScaleTheColorIsThatOfTheEdge() {
        assertThat(ColorMap.REDS.color(-3)).isEqualTo(new Color(0xfff5f0));
        assertThat(ColorMap.REDS.color(7)).isEqualTo(new Color(0x67000d));
    }
}
