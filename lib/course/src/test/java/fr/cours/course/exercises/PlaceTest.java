package fr.cours.course.exercises;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[4][4]|13|16|en [3][1] la valeur", // un tableau de Java
                "[5]|4|5|en [4] la valeur",
                "[2, 3, 4]|23|24|en [1, 2, 3] la valeur", // un INDArray
                "[2, 3, 4]|4|24|en [0, 1, 0] la valeur",
                "[2][3][1]|3|4|au n° 4 la valeur", // deux lignes, l'une de trois, l'autre d'une
                "''|0|1|''", // un nombre seul
            })
    void aPlaceIsWrittenAsInTheCode(String shape, int rank, int size, String expected) {
        assertThat(Place.of(shape, rank, size).strip()).isEqualTo(expected);
    }
}
